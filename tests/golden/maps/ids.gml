graph [
  node [ id 0 label "Bern" ]
  node [ id 0 label "Basel" ]
  node [ label "Genf" ]
  edge [ source 0 target 7 ]
  edge [ source 0 ]
  edge [ target "x" label "y" ]
]
