// Prints the tools that @ivotoby/openapi-mcp-server makes of OpenAPI documents: listed ones, and what each name runs; or the error.
import { ToolsManager } from '@ivotoby/openapi-mcp-server';

console.warn = () => {};
console.error = () => {};
const found = [];
for (const path of process.argv.slice(2)) {
  try {
    const manager = new ToolsManager({ openApiSpec: path, specInputMethod: 'file', toolsMode: 'all' });
    await manager.initialize();
    const listed = manager.getToolsWithIds().map(([id, tool]) => [tool.httpMethod, tool.originalPath, tool.name]);
    const runs = {};
    for (const [, , name] of listed) {
      const { tool } = manager.findTool(name);
      runs[name] = [tool.httpMethod, tool.originalPath];
    }
    found.push({ listed, runs });
  } catch (error) {
    found.push(String(error.message).slice(0, 500));
  }
}
process.stdout.write('\n' + JSON.stringify(found));
