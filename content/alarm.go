package content

// Certain says whether a rule hears danger in words that were never meant as a question: an address, a note, a time. Danger
// also goes by likeness to what people ask and say about themselves, which has nothing to compare "ring at the blue door"
// with and would show the lines to many who only gave directions.
func (l *Library) Certain(text string) bool {
	return l.listen(tokens(text)).ruled
}
