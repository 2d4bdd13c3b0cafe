// Package content is what may be said: the texts in every language, the
// calendars, the programme of a holiday, the forms of reports, the library of public
// cases and risks, and the wording rules that texts are held to. It decides nothing
// and imports nothing of the project: it hands out bytes and texts, and whoever needs a
// data file parses it.
//
// Everything lies next to this package and is embedded into the binary. An
// office replaces single files by a directory of its own (see Load), and adds a
// language by adding files named <area>.<tag>.toml to locales.
//
// Read content.go (files), catalogue.go (texts), entry.go (what one text is made
// of), check.go and html.go (what every text is held to), lint.go (over-strict
// wording), reminder.go (risks of a holiday), cases.go and taxonomy.go (public
// cases) in that order.
package content
