# rules of po
