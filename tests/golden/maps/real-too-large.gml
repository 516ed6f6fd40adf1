graph [
  node [ id 0 Latitude 1e999 ]
]
