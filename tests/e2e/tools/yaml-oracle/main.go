// Command oracle tells what the parsers of kubectl, Helm and kustomize make of a stream.
//
// It reads requests from standard input, each a line with a number of bytes and then these bytes, and answers each with
// one line of JSON: the documents that kubectl cuts the stream into, and of each its JSON, or why it is refused; and the
// objects that `kubectl apply -f` gets of the stream, which can also be JSON objects behind each other.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	apiyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigs "sigs.k8s.io/yaml"
)

type read struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

type document struct {
	Text    string `json:"text"`
	Kubectl read   `json:"kubectl"`
	Strict  read   `json:"strict"`
	Kyaml   read   `json:"kyaml"`
}

type answer struct {
	Documents []document        `json:"documents"`
	Objects   []json.RawMessage `json:"objects"`
	Error     string     `json:"error,omitempty"`
}

func result(data []byte, err error) read {
	if err != nil {
		return read{Error: err.Error()}
	}
	return read{JSON: data}
}

// guarded turns a panic of a parser into a refusal.
func guarded(do func() ([]byte, error)) (found read) {
	defer func() {
		if fault := recover(); fault != nil {
			found = read{Error: fmt.Sprint("panic: ", fault)}
		}
	}()
	return result(do())
}

func throughKyaml(text string) ([]byte, error) {
	node, err := yaml.Parse(text)
	if errors.Is(err, io.EOF) {
		return []byte("null"), nil
	}
	if err != nil {
		return nil, err
	}
	if node.YNode().Kind == yaml.ScalarNode {
		return []byte("null"), nil
	}
	return node.MarshalJSON()
}

// objects are what kubectl reads, up to the first that it does not.
func objects(data []byte) (found []json.RawMessage) {
	found = []json.RawMessage{}
	defer func() { _ = recover() }()
	decoder := apiyaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		var one any
		if decoder.Decode(&one) != nil {
			return found
		}
		text, err := json.Marshal(one)
		if err != nil {
			return found
		}
		found = append(found, text)
	}
}

func documents(data []byte) (found answer) {
	found.Documents = []document{}
	reader := apiyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		text, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			found.Error = err.Error()
			return found
		}
		found.Documents = append(found.Documents, document{
			Text:    string(text),
			Kubectl: guarded(func() ([]byte, error) { return sigs.YAMLToJSON(text) }),
			Strict:  guarded(func() ([]byte, error) { return sigs.YAMLToJSONStrict(text) }),
			Kyaml:   guarded(func() ([]byte, error) { return throughKyaml(string(text)) }),
		})
	}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		size, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			fmt.Fprintln(os.Stderr, "oracle: no number:", line)
			os.Exit(2)
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(in, data); err != nil {
			os.Exit(2)
		}
		found := documents(data)
		found.Objects = objects(data)
		if err := encoder.Encode(found); err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(2)
		}
		out.Flush()
	}
}
