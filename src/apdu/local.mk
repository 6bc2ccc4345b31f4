# sources of src/apdu
