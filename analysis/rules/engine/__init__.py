"""How rules are declared, run, indexed and their findings grouped."""
