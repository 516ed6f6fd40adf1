graph [
  node [ id 0 ]
  7 [ id 1 ]
]
