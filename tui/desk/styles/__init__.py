"""How the desk looks: themes, the styles that line renderers draw in, the style sheet, and the theme a person chose."""
