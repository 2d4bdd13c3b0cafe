// Package sheet reads and writes spreadsheets (电子表格): the lists of people,
// units and duties that an office keeps in Excel, and the exports it gets back.
//
// Reading is forgiving in form and strict in substance. Header names may be
// Chinese, title rows may stand above them, dates may be Excel's serial numbers
// or any of the usual spellings, the text may be UTF-8, UTF-16 or GB18030. But
// nothing is dropped in silence: a file that is damaged, cut short, too large
// or lacks a column is refused as a whole, and a row that is wrong is named by
// the number that it has in the file.
//
// The package is a leaf: it imports the root only and knows no noun. Callers
// say which columns they want and give the cells their meaning.
//
// Read table.go (what a caller gets), column.go (how the header is found),
// cell.go (text, dates, times), read.go (the door and its limits), csv.go,
// xlsx.go, raw.go (lists without one header row) and write.go in that order.
package sheet
