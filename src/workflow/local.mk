# sources of src/workflow
