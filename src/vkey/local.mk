# sources of src/vkey
