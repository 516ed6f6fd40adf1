Creator "nobody"
node [ id 0 ]
