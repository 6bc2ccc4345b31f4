# sources of src/card
