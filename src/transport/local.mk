# sources of src/transport
