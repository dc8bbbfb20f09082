// Command heads learns what the sentence encoder's numbers say about the topics, from everything that the finder learns from:
//
//	go generate ./content
package main

import (
	"log"

	"village/content"
	"village/content/encoder/learn"
)

func main() {
	l, err := content.Load()
	if err != nil {
		log.Fatal(err)
	}
	var examples []learn.Example
	for _, e := range l.Examples() {
		examples = append(examples, learn.Example{Class: e.Class, Text: e.Text})
	}
	if err := learn.Save("topics.head", examples); err != nil {
		log.Fatal(err)
	}
}
