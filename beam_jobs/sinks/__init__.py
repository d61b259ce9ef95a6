"""What a build writes last: rejected rows, the transform graph, the books and the manifest."""
