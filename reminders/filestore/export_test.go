package filestore

// PlainName lets tests see what becomes of the name of a file.
var PlainName = plainName
