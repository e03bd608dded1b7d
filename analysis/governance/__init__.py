"""Governance: what a review asks people, because no specification can answer it.

`controls` holds the questions, the state of an answer and the findings of what is not answered; `standards` what they
refer to; `defaults` what a type of tool calls for; `proposals` what a document answers by itself; `diagrams` its flows.
"""
