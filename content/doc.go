// Package content is everything the bot says, and how the right words are found.
package content
