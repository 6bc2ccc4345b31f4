# rules of tools
