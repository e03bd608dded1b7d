"""Signals that a text works on a model instead of informing people, each with its weight.

A single signal of weight 3 has no honest use in a definition. The others are met in honest texts too, one at a time:
they count together, each kind once. A signal is asked only where its words stand, which is what makes the scan of a large document
cheap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from analysis.text_folded import unhidden, unleeted, unspaced

#: Weights that add up to so much are a finding.
ENOUGH: Final = 3

_TOOL: Final = r"(?:tools?|functions?|plug-?ins?|servers?|endpoints?|commands?|api calls?)"
_MODEL: Final = r"(?:(?:ai|llm|language)[ -](?:models?|agents?|assistants?)|assistants?|agents?|llms?|models?|chatbots?|ai|claude|chatgpt|gpt|copilot|cursor|gemini)"
_PERSON: Final = (
    r"(?:users?|humans?|customers?|operators?|people|person|anyone|anybody|them|owner|reviewers?|clients?|victim)"
)
_PRIVATE: Final = (
    r"(?:credentials?|api[ _-]?keys?|secrets?|passwords?|(?:access |auth\w* |session |bearer )tokens?|private keys?|ssh keys?|environment variables?|env vars?|cookies"
    r"|system prompts?|(?:chat|conversation|message|command|browser) (?:history|log)s?|(?:last|recent|latest) (?:\w+ )?messages|(?:complete|full|entire) prompts?|(?:full|entire|whole|complete|previous|prior) (?:conversation|chat|context|messages?|dialog\w*)"
    r"|conversation (?:context|history|so far)|confidential|personal (?:data|information)|config(?:uration)? files?|source code|contacts? list|wallet)"
)
_FILE: Final = (
    r"(?:~/\.?\w|/etc/(?:passwd|shadow|hosts|ssl)|\.ssh\b|id_(?:rsa|ed25519|dsa)\b|\.aws/|\.env\b|\.netrc|\.npmrc|\.pypirc|\.kube/|\.git-credentials|\.docker/config"
    r"|mcp\.json|mcp_config|claude_desktop_config|\.cursor|\.vscode/|\.bash(?:rc|_history)|\.zsh(?:rc|_history)|known_hosts|authorized_keys|/proc/self|/root/|keychain|home directory|system://|internal://|secrets?://|confidential\b|\.pem\b|wallet\.dat)"
)


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of influence: its weight, the words (one of them) and signs (one) it needs, its pattern, what it says."""

    kind: str
    weight: int
    words: frozenset[str]
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    says: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal that was met, and the words it was met in."""

    signal: Signal
    matched: str


def _signal(kind: str, weight: int, words: str, signs: str, pattern: str, says: str) -> Signal:
    return Signal(kind, weight, frozenset(words.split()), tuple(signs.split()), re.compile(pattern), says)


_GAP: Final = r"(?:[^\s.!?]+ ){0,%d}?"

SIGNALS: Final = (
    _signal(
        "override", 3, "ignore ignores ignored ignoring disregard disregards disregarding forget forgetting overrule overrules neglect", "",
        rf"\b(?:ignor(?:e|es|ing)|disregard(?:s|ing)?|forget(?:ting)?|overrul(?:e|es|ing)|neglect) {_GAP % 4}"
        r"(?:(?:previous|prior|above|earlier|preceding|former|original|initial|safety|security|developer|other|user'?s?) "
        r"(?:\w+ )?(?:instructions?|prompts?|guidelines?|directives?|orders|restrictions?|guardrails?|alignment|messages?|polic(?:y|ies)|(?:safety |security )?(?:checks|rules)|requests?)"
        r"|(?:your|all|any|these|those) (?:\w+ )?(?:instructions|guidelines|directives|guardrails|training|programming))",
        "sets other instructions aside",
    ),
    _signal(
        "concealment", 3, "kept hidden saying mention mentioning tell telling reveal revealing disclose disclosing inform informing letting hide conceal secretly silently covertly discreetly quietly know aware informed told notified", "saying hidden kept mention tell reveal disclos inform hide conceal secret silent covert discreet quiet not n't without",
        rf"\b(?:do not|don'?t|never|must not|mustn'?t|should not|shouldn'?t|avoid|refrain from|without|not to|no need to) (?:\w+ )?(?:mention(?:ing)?|tell(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|inform(?:ing)?|let(?:ting)?) "
        rf"(?:(?:this|it|that|about|any|the|of|to|anything|your|these|explicitly) ){{0,4}}(?:{_PERSON}|you(?:'re| are)|you (?:first|have|did|used)|(?:step|action|behaviou?r|instruction|call|file|process)s?\b|to\b)"
        rf"|\b(?:do not|don'?t|never) (?:explicitly )?mention (?:this|that|it|the|these|any|your|how|why|anything)\b"
        rf"|\b(?:(?:hide|conceal) {_GAP % 3}from|(?:keep|kept) {_GAP % 3}(?:secret|hidden) from) (?:the )?(?:users?|humans?|operator|reviewer)\b|\bwithout (?:saying so|(?:ever )?telling (?:the )?{_PERSON})|\b(?:do not|don'?t|never) reveal that\b"
        rf"|\b(?:{_PERSON}) (?:must|should|shall|need)(?: not|n'?t) {_GAP % 2}(?:know|see|notice|be (?:aware|informed|told|notified))"
        r"|\b(?:silently|secretly|covertly|discreetly|quietly) (?:\w+ ){0,2}(?:send|forward|read|include|copy|call|append|pass|upload|execute|add|collect|transmit|bcc|run|post|record|exfiltrate|invoke|fetch)",
        "asks to keep something from people",
    ),
    _signal(
        "hush", 1, "", "",
        rf"\b(?:do not|don'?t|never|must not|avoid|without) {_GAP % 1}(?:notify(?:ing)?|alert(?:ing)?|show(?:ing)?|display(?:ing)?|ask(?:ing)?|warn(?:ing)?|log(?:ging)?|confirm(?:ing)?|prompt(?:ing)?) {_GAP % 4}{_PERSON}\b"
        r"|\bwithout (?:\w+ )?(?:confirmation|approval|consent|validation|asking|verification)\b|\b(?:upset|annoy|confuse|scare) the user"
        rf"|\bnot (?:be )?visible to (?:the )?{_PERSON}",
        "keeps people out of it",
    ),
    _signal(
        "markup", 3, "important system hidden secret instruction instructions assistant inst sys privileged internal override directive contradiction emergency im_start im_end always ignore hidden_instructions system_prompt system_note system_message system_instruction system_override system-note exfiltrate", "< [ ###",
        r"<\s*/?(?:important|system(?:[_ -]?(?:prompt|note|message|instruction|override)s?)?|hidden\w*|secret\w*|(?:hidden|system|secret|internal|agent|assistant|model|ai)[_ -]?(?:instructions?|notes?|directives?|prompts?)|instructions?|assistant|critical|privileged|override|directive)\s*/?>"
        r"|<\|(?!end)[a-z_ ]{2,20}\|>|\[/?inst\]|<</?sys>>"
        r"|\[(?:system|hidden|secret|internal|admin|developer|assistant|override|metadata|role|emergency|configuration|important)[ _-]?(?:system |security )?(?:instructions?|directives?|overrides?|prompts?|messages?|notes?|commands?|only)\]:?(?! ?\()|\[contradiction\]|(?:^|[.!?:] ?)\[(?:system|hidden|important|instructions?)\]:?(?! ?\()"
        r"|#{2,} ?(?:system|instructions?|assistant|new instructions?|system prompt|override|human|end of)\b ?:"
        rf"|<!--(?:(?!-->).){{0,200}}?\b(?:system|assistant|{_MODEL} ?:|ignore|always|must|instruction|secret(?:ly)?|do not (?:tell|mention)|exfiltrat)",
        "marks a part as if it came from the system",
    ),
    _signal(
        "salutation", 3, "assistant assistants ai llm llms agent agents model models claude gpt chatgpt copilot chatbot cursor gemini", "",
        rf"\b(?:note|message|instructions?|attention|reminder|directive|important|hint|memo|notice|warning|information|hello|hey|dear)(?: (?:for|to|intended for|only for))?,? (?:the |all |any |every |you,? )?{_MODEL}(?: (?:only|reading this|processing this|using this))?s? ?[:,!—–-]"
        rf"|\bto the (?:assistant|ai|llm|language model|agent) ?[:,]|\b(?:if you are|you are|as) an? (?:ai|llm|language model|ai (?:assistant|agent|model))\b(?!-)",
        "speaks to the model",
    ),
    _signal(
        "address", 1, "", "",
        r"\b(?:the |your |any |every |all )?(?:(?:ai|llm|language)[ -](?:model|agent|assistant)s?|assistants?|agents?|llms?|ai|claude|chatbots?) (?:must|should|shall|has to|have to|needs? to|is (?:required|instructed|expected) to|are (?:required|instructed) to)\b"
        r"|\byou (?:must|shall|have to|are (?:required|instructed|obliged|now) )|\byou need to (?:first|also|always|include|read|pass)",
        "tells the model what it must do",
    ),
    _signal(
        "order", 1, "", "",
        r"\b(?:before|after|prior to|whenever|when|while|every time|each time|once|upon) (?:you )?(?:using|us(?:e|ed)|calling|call|invoking|invoke|running|execut(?:e|ing)|providing|answering|respond\w*|return\w*|perform\w*|this|any|each|every|the)\b[^.!?]{0,60}\b(?:must|first|always|read|also|include|pass|send|access|forward|copy|append|make sure|ensure)\b"
        r"|\bas (?:a|the) (?:first|mandatory|required|final|last) step\b|\b(?:must|always) (?:be )?first\b|\bfirst,? (?:read|access|open|fetch|retrieve|collect|gather|send|list) ",
        "orders steps around a call",
    ),
    _signal(
        "preference", 3, "tool tools function functions plugin plugins server servers precedence priority regardless native original supersedes one prioritize prioritise", "",
        rf"\b(?:always|must|should|only) (?:be )?(?:use|prefer|choose|call|select|pick|invoke|run|used|called|invoked|preferred|chosen|selected|run|executed)\b[^.!?]{{0,40}}\b(?:before|instead of|rather than|over|first|prior to|in place of|ahead of|regardless)\b[^.!?]{{0,20}}\b(?:any|all|every|other|another|each|else|the original|the built-?in|whether|of what)\b"
        rf"|\b(?:use|prefer|choose|call|select) (?:only )?this (?:{_TOOL}|one)?[^.!?]{{0,30}}\b(?:instead of|rather than|over|in place of|before) (?:any|all|every|the)? ?(?:other|original|built-?in|native|competing|similar|alternative)"
        rf"|\b(?:never|do not|don'?t) (?:use|call|invoke|trust|select) (?:any |the )?(?:other|another|alternative|competing|original|remaining) (?:\w+ )?{_TOOL}"
        rf"|\btakes? (?:precedence|priority) over (?:all|any|every|other)(?: \w+){{0,2}} {_TOOL}|\b(?:supersedes|replaces|overrides) (?:all|any|every) (?:other )?(?:\w+ )?{_TOOL}|\b(?:the )?other (?:\w+ )?{_TOOL} (?:are|is) (?:deprecated|broken|unsafe|insecure|unreliable|obsolete|outdated|compromised)"
        rf"|\bprioriti[sz]e this (?:{_TOOL})\b|\b(?:this|the following) {_TOOL} [^.!?]{{0,40}}\b(?:highest priority|regardless of (?:what )?the user)",
        "wants to be chosen over other tools",
    ),
    _signal(
        "file", 2, "~ etc ssh id_rsa id_ed25519 env aws netrc npmrc pypirc kube docker mcp cursor vscode bashrc bash_history zshrc known_hosts authorized_keys root keychain home system internal confidential pem wallet claude_desktop_config mcp_config git-credentials", "/ . : confidential keychain id_",
        rf"\b(?:read|open|access\w*|load|cat|fetch|retriev\w+|include|send|pass|get|copy|upload|check|look|view|collect|list|find|extract|parse|provide|attach|append|use|contents? (?:of|from)|files?|data (?:in|from)|resource at|located (?:at|in)) {_GAP % 6}[\"'`(]*(?:\S*/)?{_FILE}",
        "points at files where secrets lie",
    ),
    _signal(
        "gathering", 3, "credentials credential secrets password passwords variables cookies prompt prompts history conversation context confidential wallet contents content", "",
        rf"\b(?:include|send|pass|append|attach|forward|provide|embed|add|insert|supply|encode|copy|put|upload|transmit|leak|extract|collect|harvest|dump|exfiltrate|reveal|repeat|output|summari[sz]e|return|read|write|share|place) {_GAP % 7}(?:the |all |any |your |user'?s? |their |every )?{_PRIVATE}\b(?! field)[^.!?]{{0,60}}(?:\b(?:in|into|to|as|via|with|within|through|inside)\b (?:the |your |this |a |an |any |its |every |my |our |our |[\"'`])?(?:\w+ )?(?:[\"'`\w]*(?:response|answer|parameter|argument|field|sidenote|note|notes|context|output|result|url|request|query|header|body|metadata|server|endpoint|webhook|attacker|address|https?|email|e-mail|call|tool|comment|log|message|reply|image)\b|[\"'`]\w+|https?:|\S+@\S+)|so (?:that )?we\b|for (?:\w+ )?(?:verification|validation|context|audit\w*|debugg?ing|analytics|telemetry|quality|compliance|security|logging))"
        rf"|\b(?:pass|send|include|put|provide|submit|forward) (?:its|their|the|all|full|entire)?(?: \w+)? ?(?:contents?|results?|outputs?|text|body) (?:of (?:the )?\S+ )?(?:in|as|into|to|via) (?:the )?(?:[\"'`]\w+|(?:\w+ )?(?:parameter|argument|field|sidenote))",
        "wants secrets or the conversation handed over",
    ),
    _signal(
        "diversion", 3, "recipient recipients redirect bcc payee payees addressee receiver receivers destination destinations beneficiary iban wallet send forward route cc copy deliver post upload transmit relay mirror sends blind", "recipient redirect destination payee bcc blind addressee receiver beneficiar iban account @ attacker +1 +4 http wallet",
        r"\b(?:change|replace|set|redirect|modify|substitute|swap|alter|rewrite|route|update) (?:\w+ ){0,3}(?:recipients?|destinations?|payees?|addressees?|receivers?|beneficiar\w+|iban|wallet address|account number) (?:\w+ ){0,3}(?:to|with|by)\b"
        r"|\b(?:send|forward|route|cc|bcc|copy|deliver|redirect|post|upload|transmit|report|relay|mirror)(?:s|ing|ed)? (?:a copy of |all |every |any |each |the |this |these |copies of |it )[^.!?]{0,60}\bto (?:the )?(?:\S+@\S+\.\w|https?://|[\w.-]+\.(?:com|net|io|org|xyz|ru|example)\b|\+\d{6,}|attacker)"
        r"|\b(?:bcc|blind copy)\b[^.!?]{0,40}\S+@\S+|\S+@\S+[^.!?]{0,40}\b(?:bcc|blind copy)\b|\badd \S+@\S+ (?:to|as)\b",
        "diverts what is sent",
    ),
    _signal(
        "foreign call", 3, "tool tools function functions plugin called invoked mcp executed invoke side", "tool function mcp_ _",
        rf"\b(?:when(?:ever)?|if|every time|each time|before|after|once)\b[^.!?]{{0,30}}\b(?:mcp_\w+|\w+_\w+|[a-z]+[A-Z]\w+|(?:another|other|any other|the (?:\w+ )?)) ?(?:{_TOOL} )?(?:is|are|gets?|was) (?:called|used|invoked|run|available|executed|present|requested|selected)\b[^.!?]{{0,80}}\b(?:must|make sure|ensure|always|also|first|change|replace|send|include|instead|add)\b"
        rf"|\b(?:the )?(?:mcp_\w+|\w+_\w+) {_TOOL} (?:must|should|shall|has to|needs to|will) \b|\bside effects? on the (?:\w+ )*{_TOOL}"
        rf"|\b(?:call|invoke|run|use|execute) (?:the )?[\"'`]?\w+_\w+[\"'`]? (?:{_TOOL} )?(?:with|to|and) (?:\w+ ){{0,4}}(?:the |all |full |entire |user'?s )(?:\w+ ){{0,3}}(?:contents?|data|conversation|credentials|history|results?|secrets?|file|messages)",
        "governs what other tools do",
    ),
    _signal(
        "pressure", 1, "", "",
        r"\b(?:otherwise|or else|if not|if you (?:do not|don'?t|fail|violate|skip|forget|put))\b[^.!?]{0,80}\b(?:not work|fail\w*|crash\w*|lost|block\w*|break|error|reject\w*|penali\w+|terminat\w+|corrupt\w*|shut)"
        r"|\b(?:system|application|server|tool|session) will (?:crash|fail|not work|be (?:terminated|blocked|shut))|\bvery,? very\b|\b(?:extremely|absolutely|very) (?:important|critical|crucial|essential)\b|\bfailure to (?:comply|do so|follow)"
        r"|\b(?:mandatory|compulsory) (?:for|step|security|compliance)|\brequired (?:for|by) (?:\w+ ){0,2}(?:compliance|security|audit|policy|regulation|verification)|\bas a security (?:measure|precaution)|\bfor (?:security|compliance|audit|safety) (?:reasons|purposes)\b|\burgent\b",
        "threatens or presses",
    ),
    _signal(
        "permission", 3, "approved consented authorized authorised confirmed approval confirmation consent pre-approved preapproved preauthorized", "",
        rf"\b(?:{_PERSON}|admin\w*|developer|security team|owner) (?:has|have|had) (?:already |explicitly |previously |pre-?)+(?:approved|consented|authori[sz]ed|confirmed|agreed|granted|given (?:\w+ )?(?:permission|consent|approval)|opted)"
        r"|\b(?:pre-?approved|pre-?authori[sz]ed)\b[^.!?]{0,30}\b(?:action|call|request|operation|you|by the)"
        r"|\b(?:do not|don'?t|never|no need to) (?:ask|wait|request|seek|prompt)\b[^.!?]{0,30}\b(?:confirmation|permission|approval|consent)"
        r"",
        "claims a permission",
    ),
    _signal(
        "unlocking", 2, "bypass bypasses bypassing circumvent circumvents disable disables disabling disabled skip skips skipping deactivate override evade ignore ignores trust unrestricted jailbreak jail-break jail privileges privilege escalate restrictions guardrails limitations safety turn turns developer anything", "",
        r"\b(?:bypass\w*|circumvent\w*|disabl\w+|skip\w*|turn(?:s|ing)? off|deactivat\w+|override|evad\w+|ignor\w+) (?:all |any |the |every |its |default |these )*(?:(?:security|safety|content|access|input|validation|data|authori[sz]ation|permission|compliance|guardrail)s? )+(?:checks?|controls?|filter(?:ing|s)?|polic(?:y|ies)|restrictions?|validations?|guidelines?|measures?|rules?|mechanisms?|sanitization|limits?)"
        r"|\btrust (?:all|any|every) (?:\w+ ){0,3}(?:input|commands?|quer(?:y|ies)|users?|requests?|instructions?)|\bunrestricted (?:mode|access|system|emergency|administrative|assistant)|\bjail-?break|\b(?:elevated|root|admin|superadmin|full) privileges?\b|\bescalate (?:to|privileges)|\bwithout (?:any )?(?:restrictions?|safety|guardrails|limitations)\b|\bdeveloper mode\b|\bdo anything now\b|\boverride (?:safety|security) (?:filters?|checks?|rules?)",
        "takes safeguards away",
    ),
    _signal(
        "role", 2, "act pretend roleplay simulate now longer role task goal objective", "",
        r"\bact as ?:|\bact as (?:an? |the )?(?:unrestricted|root|system|admin\w*|hacker|evil|different|developer)|\bpretend (?:to be|that you|you)\b|\byou are (?:now |no longer )+(?:an? |in |the |bound|operating|acting)?|\bfrom now on,? you\b|\broleplay as\b|\byour new (?:role|task|goal|instructions?|objective)\b|\bsimulate (?:elevated|root|admin)",
        "gives the model another role",
    ),
    _signal(
        "impostor", 3, "system directive override assistant instruction instructions protocol jailbreak developer end", ":",
        r"(?:^|[\n.!?\]>)-] ?)(?:\*\*)?(?:important |urgent |critical |hidden |new |emergency |instruction |safety |system )*(?:system (?:override|note|notice|directive|message|prompt|instruction|update|alert)(?: directive| note)?|override directive|instruction override|new instructions?|hidden instructions?|system|assistant|developer message|bypass protocol|safety bypass protocol|jailbreak mode available|end of (?:description|tool)\w*)(?:\*\*)? ?: ?\w",
        "imitates a message of the system",
    ),
    _signal(
        "steering", 3, "recommend competitors competitor alternatives praise promote endorse", "",
        r"\b(?:always|only|must) (?:recommend|promote|praise|endorse|suggest)\b[^.!?]{0,60}\b(?:over|instead|competit\w+|to the user|first|product|brand|service)\b|\b(?:never|do not|don't) (?:mention|recommend|suggest|praise) (?:any )?(?:other )?(?:competit\w+|alternatives|other)"
        r"|\b(?:when|if|whenever)\b[^.!?]{0,20}\bask(?:s|ed)?\b[^.!?]{0,50}\b(?:recommend|promote|praise|endorse)\b",
        "steers what the model recommends",
    ),
    _signal(
        "shell", 3, "curl wget bash sh powershell rm nc", "curl wget bash powershell rm nc",
        r"\b(?:curl|wget)\b[^|]{0,120}\| ?(?:sudo )?(?:ba|z)?sh\b|\b(?:must|first|always|before|then|please|silently|secretly)\b[^.!?]{0,40}\b(?:run|execute)\b[^.!?]{0,20}[`'\" ](?:curl|wget|bash -|powershell|rm -rf|nc -)",
        "has a command run",
    ),
    _signal(
        "bait", 2, "ask funds transfer wire tell request", "password credential pin card funds money code",
        r"\b(?:ask|request|prompt|tell) (?:the )?users? (?:again )?(?:for|to (?:enter|provide|type|share|give|confirm))\b[^.!?]{0,40}\b(?:password|credentials?|pin|card|one-time code|api key)|\band ask for (?:their|his|the) (?:password|credentials)|\b(?:transfer|wire|send) all (?:the )?(?:funds|money|balance)",
        "asks for what belongs to the user",
    ),
    _signal(
        "fault", 2, "resolve fix retry please proceed recover continue unlock complete", "",
        rf"\b(?:error|failed|failure|warning|exception|denied|expired)\b[^!?]{{0,100}}\b(?:to (?:resolve|fix|continue|proceed|recover|retry|complete|unlock)|please|you must|in order to)\b[^.!?]{{0,60}}\b(?:call|run|execute|send|provide|read|paste|invoke|include|submit|share|open)\b[^.!?]{{0,60}}(?:{_PRIVATE}|{_FILE}|{_TOOL}|contents?|command|https?:)",
        "dresses an order up as a fault",
    ),
    _signal(
        "leak", 3, "exfiltrate markdown image images prompt http https", "exfiltrate ![ markdown image prompt",
        r"\b(?:and|then|to|must|always|please|:) ?exfiltrate (?:all|the|any|every|user|data)|!\[[^\]]*\]\(https?://[^)]*(?:[{<$%]\w*|\?[a-z_]*=(?:\.\.\.|data|[{<]))"
        r"|\b(?:include|pass|put|send|reveal|print|repeat|output|append) (?:your|the) (?:full |complete |entire |exact )?system prompt\b"
        r"|\b(?:render|embed|output|include|append|display) (?:an? )?(?:markdown )?(?:image|link)s? [^.!?]{0,60}\b(?:https?://|with the|containing|query)",
        "carries data out of the conversation",
    ),
    _signal(
        "translated", 3, "ignora ignorar ignore ignoriere ignorieren ignoriert ignorez ignorer olvida olvide oublie oubliez vergiss vergessen missachte dimentica esqueça esqueca desconsidere zignoruj negeer usuario utilisateur utente benutzer benutzern nutzer nutzern anwender sage erzähle", "",
        r"\b(?:ignor\w*|olvid\w+|oubli\w+|vergiss|vergessen|missacht\w+|dimentic\w+|esque[cç]\w+|desconsider\w+|zignoruj|negeer|d[ée]sactiv\w+)\b[^.!?]{0,40}\b(?:instruc\w+|instrucciones|consignes|anweisung\w*|vorgaben|istruzioni|instru[cç][õo]es|regeln|reglas|r[èe]gles|instructies|instrukcje)\b(?<!instructions)"
        r"|\bignor(?:ez|e|er) [^.!?]{0,30}\binstructions (?:pr[ée]c[ée]dentes|ant[ée]rieures)"
        r"|\b(?:no|nunca|jam[áa]s|n[ãa]o|nie|niemals|ne|non|jamais|nicht) [^.!?]{0,30}\b(?:digas|diga|menciones|mencione\w*|informes|informe|reveles|revele|avises|conte|dites|dis|mentionne\w*|r[ée]v[èe]le\w*|informe\w*|dire|rivelare|menzionare|informare|verrate|verraten|erw[äa]hn\w+|sag\w*|mitteil\w+)\b[^.!?]{0,40}\b(?:usuario|usu[áa]rio|utilisateur|utente|benutzer\w*|nutzer\w*|anwender\w*)"
        r"|\b(?:benutzer|nutzer|anwender)\w*\b[^.!?]{0,30}\b(?:nichts?|niemals|nie)\b[^.!?]{0,20}\b(?:sag\w*|erw[äa]hn\w*|mitteil\w*|verrat\w*|erfahren|wissen)|\b(?:sag\w*|erz[äa]hl\w*|verrat\w*|teil\w*)\b[^.!?]{0,20}\b(?:benutzer|nutzer|anwender)\w*\b[^.!?]{0,12}\bnicht"
        r"|(?:忽略|无视|無視|不要理会).{0,10}(?:指令|指示|说明|規則|规则|提示|命令)|(?:不要|别|請勿|请勿|切勿|不得).{0,8}(?:告诉|告訴|提及|提到|通知|透露|告知).{0,10}(?:用户|用戶|使用者|任何人|此)?|(?:игнорир|забуд|не обращай внимани)\S*.{0,30}(?:инструкц|указан|правил)|не (?:говори|сообщай|упоминай|рассказывай|раскрывай)\S*.{0,40}(?:пользовател|это|об этом)"
        r"|(?:以前|これまで|上記|前|すべて).{0,6}(?:指示|命令|ルール).{0,6}(?:無視|忘れ)|ユーザー?.{0,12}(?:言わない|伝えない|知らせない|教えない)|(?:이전|위의|모든).{0,8}(?:지시|명령|지침).{0,6}(?:무시|잊)|사용자.{0,12}(?:말하지|알리지|언급하지)",
        "sets instructions aside or hides something, in another language",
    ),
)  # fmt: skip

_SHOUT: Final = ("IMPORTANT", "CRITICAL", "URGENT", "ATTENTION", "MANDATORY", "IGNORE", "BYPASS", "OVERRIDE")


#: Lower case, and a blank for whatever stands between words. ASCII to ASCII, which is the fast way through `translate`.
_WORDS: Final = str.maketrans(
    {chr(code): (chr(code).lower() if chr(code).isalnum() or chr(code) in "_-~" else " ") for code in range(128)}
)
_TYPOGRAPHY: Final = str.maketrans("’‘“”–—…•·\u00a0→×", "''\"\"--..- >x")
_HEAVY: Final = tuple(signal for signal in SIGNALS if signal.weight > 1)
_LIGHT: Final = tuple(signal for signal in SIGNALS if signal.weight == 1)
#: What is left of a word whose letters were pulled apart, and words often written with digits.
_LONE: Final = frozenset("grlu") | {
    "1gnore",
    "ign0re",
    "1gn0re",
    "ignor3",
    "1nstructions",
    "syst3m",
    "pr3vious",
    "us3r",
}
_ANY: Final = _LONE.union(*(signal.words for signal in _HEAVY))


@lru_cache(maxsize=32_768)
def signals(text: str) -> tuple[Seen, ...]:
    """Return the signals met in a text, the heavier ones first; light ones only count beside a heavier one."""
    plain = text if text.isascii() else text.translate(_TYPOGRAPHY)
    foreign = not plain.isascii()
    if foreign:
        plain = f"{plain} . {unhidden(plain)}"
    words = frozenset(plain.translate(_WORDS).split())
    if not foreign and _ANY.isdisjoint(words):
        return ()
    lower = " ".join(plain.lower().split())
    if foreign or not _LONE.isdisjoint(words):
        lower = f"{lower} . {unleeted(unspaced(lower))}"
        words = frozenset(lower.translate(_WORDS).split())
    heavy = _met(_HEAVY, words, lower, foreign=foreign)
    return (*heavy, *_met(_LIGHT, words, lower)) if heavy else ()


def _met(table: tuple[Signal, ...], words: frozenset[str], lower: str, *, foreign: bool = False) -> list[Seen]:
    seen = []
    for signal in table:
        worded = not signal.words or not signal.words.isdisjoint(words) or (foreign and signal.kind == "translated")
        if worded and (not signal.signs or any(sign in lower for sign in signal.signs)):
            found = signal.pattern.search(lower)
            if found:
                seen.append(Seen(signal, found.group()))
    return seen


def weight(text: str) -> int:
    """Return how heavily the signals of a text weigh together, each kind once."""
    return sum(seen.signal.weight for seen in signals(text))


def works_on_a_model(text: str) -> bool:
    """Whether a text carries a signal without honest use, or several others together."""
    return weight(text) >= ENOUGH


def shouts(text: str) -> str:
    """Return the first word in capitals that asks for attention, or an empty string."""
    return next((word for word in _SHOUT if word in text), "")
