// Package content is everything the bot says: the answers, the kind refusals, the lines for a crisis, the decks of cards. How
// the right answer is found for a question is package find's.
//
// It promises that no answer ships without its guards (see Check): nothing overdue, no amounts, no promises, no orders about
// medicine, easy to read, with dated sources and somebody to ask. Everything is in the process's memory; nothing about a
// person is kept.
package content
