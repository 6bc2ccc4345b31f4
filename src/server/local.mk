# sources of src/server
