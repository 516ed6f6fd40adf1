Creator "a test"
# Every shape that maps in the wild have.
graph [
  directed 0
  Network "Ver&#246;ffentlicht &amp; Co"
  label "Town &amp; Country"
  GeoExtent "Region"
  NetworkDate "2031_01"
  Source "http://town.example/map?a=1&b=2"
  Version "1.0"
  node [
    id 0
    label "J&#228;rvi"
    Country "Finland"
    Longitude 25.5
    Internal 1
    Latitude 60.0
    graphics [ x 1.0 y 2.0 center [ x 0 ] ]
  ]
  node [ id 1 label "&Uuml;&szlig; Stra&szlig;e" Longitude 25.5 Latitude 61.0 ]
  node [ id 2 label "NO" Longitude "26.5" Latitude "61.0" type "On-Net, Off-Net" ]
  node [ id 3 label "J&#228;rvi" Longitude 25.6 Latitude 60.0 ]
  node [ id 4 label "jarvi" ]
  node [ id 5 label "?" hyperedge 1 ]
  node [ id 6 label "None" ]
  node [ id 7 label "AT&T: 'x' ${HOME} $${HOME} {i} {{i}}" Latitude 91.0 Longitude 0 ]
  node [ id 8 label "Москва" Latiteud 55.75 Longitude 37.62 ]
  node [ id 9 label "O'Higgins / Base] -- 2" Latitude -63.3 Longitude -57.9 ]
  node [ id 10 label "Järvi-2" ]
  node [ id 11 label 42 Longitude 30 Latitude 60 ]
  node [ id 12 ]
  node [ id -13 label "" ]
  node [ id 14 label "A very long name of a place that nobody would ever write on a map, yet here it is" ]
  node [ id 15 label "A very long name of a place that nobody would ever write on a map, yet here it is again" ]
  node [ id 16 label "tab	and
two lines&#10;&#0;&#xD800;&nosuch;" ]
  edge [ source 0 target 1 LinkSpeed "10" LinkLabel "10 Gbps" LinkSpeedUnits "G" LinkSpeedRaw 09999999999.0 ]
  edge [ source 0 target 1 LinkLabel "< 2.5 Gbps, lit" LinkSpeedRaw 2500000000.0 ]
  edge [ source 1 target +2 id "e5" ]
  edge [ source 2 target 2 ]
  edge [ source 3 target 0 LinkSpeedRaw -1 ]
  edge [ source 3 target 4 LinkSpeedRaw "155e6" ]
  edge [ source 4 target 5 ]
  edge [ source 5 target 6 ]
  edge [ source 6 target 7 ]
  edge [ source 7 target 8 ]
  edge [ source 8 target 9 ]
  edke [ source 9 target 10 ]
  edge [ source 11 target 12 ]
  edge [ source 12 target -13 ]
  edge [ source 14 target 15 ]
]
graph [ node [ id 1 ] ]
