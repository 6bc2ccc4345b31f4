# sources of src/token
