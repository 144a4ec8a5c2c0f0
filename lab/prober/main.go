// Command prober shows the kubelet's own probes the answers that Azure's probes get, and prints what each makes of them.
//
// It starts a server for each kind of answer on the loopback address, and writes one line for each:
// {"answer", "status": {"http", "https"}, "kubelet": {"httpGet", "httpsGet", "tcpSocket"}}. A warning is a success for the kubelet,
// with an event.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	probehttp "k8s.io/kubernetes/pkg/probe/http"
	probetcp "k8s.io/kubernetes/pkg/probe/tcp"
)

type line struct {
	Answer string `json:"answer"`
	// Status is what a client reads that follows no redirect, by scheme; "" where it reads none.
	Status  map[string]string `json:"status"`
	Kubelet map[string]string `json:"kubelet"`
}

// status answers with this code, but for a path that is good and one that is bad.
func status(code int, location string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good":
			w.WriteHeader(http.StatusOK)
		case "/bad":
			w.WriteHeader(http.StatusNotFound)
		default:
			if location != "" {
				w.Header().Set("Location", location)
			}
			if code == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", "Basic")
			}
			w.WriteHeader(code)
		}
	}
}

func main() {
	var lines []line
	for _, code := range []int{200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 418, 429, 500, 501, 502, 503, 504} {
		lines = append(lines, plain(strconv.Itoa(code), status(code, "")))
	}
	for _, code := range []int{301, 302, 303, 307, 308} {
		name := strconv.Itoa(code)
		lines = append(lines,
			plain(name+" to a path of the same host that answers 200", status(code, "/good")),
			plain(name+" to a path of the same host that answers 404", status(code, "/bad")),
			plain(name+" to itself", status(code, "/")),
			plain(name+" to another host", status(code, "http://elsewhere.example.test/")),
			plain(name+" to https of another port", status(code, "https://127.0.0.1:1/")),
			plain(name+" without Location", status(code, "")),
		)
	}
	slow := func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(2500 * time.Millisecond)
		w.WriteHeader(http.StatusOK)
	}
	lines = append(lines, plain("200 after 2.5 seconds, timeoutSeconds: 1", slow))
	byHost := func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "shop.example.test" {
			w.WriteHeader(http.StatusOK)
		} else {
			w.WriteHeader(http.StatusNotFound)
		}
	}
	lines = append(lines, plain("200 for one Host only, else 404", byHost))
	secure := httptest.NewTLSServer(status(200, ""))
	lines = append(lines, of("https 200, certificate signed by itself", secure.Listener.Addr()))
	secure.Close()
	mutual := httptest.NewUnstartedServer(status(200, ""))
	mutual.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	mutual.StartTLS()
	lines = append(lines, of("https 200, wants a client's certificate", mutual.Listener.Addr()))
	mutual.Close()
	named := httptest.NewUnstartedServer(status(200, ""))
	named.TLS = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if hello.ServerName == "" {
			return nil, fmt.Errorf("no server name")
		}
		return nil, nil
	}}
	named.StartTLS()
	lines = append(lines, of("https 200 for a server name only", named.Listener.Addr()))
	named.Close()
	lines = append(lines, raw("http 200 behind a PROXY protocol header, closes without one", func(connection net.Conn) {
		first, _ := bufio.NewReader(connection).ReadString('\n')
		if strings.HasPrefix(first, "PROXY ") {
			_, _ = connection.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		}
	}))
	lines = append(lines, raw("closes at once", func(net.Conn) {}))
	lines = append(lines, raw("no HTTP: a banner", func(connection net.Conn) {
		_, _ = connection.Write([]byte("220 mail.example.test ESMTP\r\n"))
		time.Sleep(100 * time.Millisecond)
	}))
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	address := nobody.Addr()
	_ = nobody.Close()
	lines = append(lines, of("nothing listens", address))
	out := json.NewEncoder(os.Stdout)
	for _, one := range lines {
		if err := out.Encode(one); err != nil {
			panic(err)
		}
	}
}

func plain(name string, handler http.HandlerFunc) line {
	server := httptest.NewServer(handler)
	defer server.Close()
	return of(name, server.Listener.Addr())
}

func raw(name string, serve func(net.Conn)) line {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				serve(connection)
				_ = connection.Close()
			}()
		}
	}()
	return of(name, listener.Addr())
}

func of(name string, address net.Addr) line {
	host, text, _ := net.SplitHostPort(address.String())
	port, _ := strconv.Atoi(text)
	kubelet := map[string]string{}
	for scheme, key := range map[v1.URIScheme]string{v1.URISchemeHTTP: "httpGet", v1.URISchemeHTTPS: "httpsGet"} {
		action := &v1.HTTPGetAction{Path: "/", Port: intstr.FromInt32(int32(port)), Scheme: scheme}
		request, err := probehttp.NewRequestForHTTPGetAction(action, &v1.Container{}, host, "probe")
		if err != nil {
			panic(err)
		}
		// As the kubelet makes it: redirects to other hosts are not followed.
		result, _, _ := probehttp.New(false).Probe(request, time.Second)
		kubelet[key] = string(result)
	}
	result, _, _ := probetcp.New().Probe(host, port, time.Second)
	kubelet["tcpSocket"] = string(result)
	return line{name, first(address.String()), kubelet}
}

// first is the status that a client reads who follows no redirect, waits for it as long as Azure does and takes any certificate.
func first(address string) map[string]string {
	client := &http.Client{
		Timeout:       5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}
	read := func(scheme string) string {
		answer, err := client.Do(&http.Request{Method: "GET", URL: &url.URL{Scheme: scheme, Host: address, Path: "/"}})
		if err != nil {
			return ""
		}
		defer answer.Body.Close()
		return strconv.Itoa(answer.StatusCode)
	}
	return map[string]string{"http": read("http"), "https": read("https")}
}
