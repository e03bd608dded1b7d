import sys, json, tempfile, subprocess, pathlib, shutil
sys.path.insert(0,'/work/w-clients')
from tests.e2e.agents.agents import *
from tests.e2e.agents import agents as A
A.installed = lambda n: pathlib.Path('/tmp/cl/npm-'+{'claude-code':'claude'}.get(n,n))
HERE=pathlib.Path('/work/w-clients/tests/e2e/agents')
S={"type":"object","properties":{"id":{"type":"string"}}}
def tools(names): return [{"name":n,"description":"about "+n,"inputSchema":S} for n in names]
class Srv:
    def __init__(s,names):
        s.d=pathlib.Path(tempfile.mkdtemp(prefix='srv',dir='/tmp/cl')); (s.d/'t.json').write_text(json.dumps(tools(names))); (s.d/'log').touch()
        s.p=subprocess.Popen(['/work/w-clients/.venv/bin/python',str(HERE/'crm_server.py'),str(s.d/'log'),str(s.d/'t.json')],stdout=subprocess.PIPE,text=True)
        s.url=f"http://127.0.0.1:{s.p.stdout.readline().strip()}/mcp"
    def log(s): return [json.loads(l)['tool'] for l in (s.d/'log').read_text().splitlines()]
    def close(s): s.p.terminate(); s.p.wait()
def go(agent,srv,script,name='crm',**more):
    d=pathlib.Path(tempfile.mkdtemp(prefix='run',dir='/tmp/cl'))
    (srv.d/'log').write_text('')
    r=run(AGENTS[agent],d,{name:srv.url},script,**more)
    return r,srv.log(),d
