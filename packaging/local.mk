# rules of packaging
