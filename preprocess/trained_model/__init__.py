"""What lies in the folder of a trained model, and what its embeddings map."""
