graph [ label "empty" ]
