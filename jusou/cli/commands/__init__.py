"""The commands: parse, call, print. Rules and file formats are in the rooms below."""
