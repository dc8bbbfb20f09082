// Command heads learns what the sentence encoder's numbers say about what people want: from ways.txt, from the development sets, and from
// what they only ask:
//
//	go generate ./handlers/understand
package main

import (
	"log"

	"village/content/encoder/learn"
	"village/handlers/understand/internal/examples"
)

func main() {
	list, err := examples.Read(".")
	if err != nil {
		log.Fatal(err)
	}
	if err := learn.Save("ways.head", list); err != nil {
		log.Fatal(err)
	}
}
