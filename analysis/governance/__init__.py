"""Governance: questions for people, which no specification can answer.

`controls` holds the questions, the state of answers and the findings; `standards` the registry of references;
`defaults` the recommended controls by tool type; `proposals` answers suggested by sources; `diagrams` their flows.
"""
