// wsload: a single-threaded epoll WebSocket load generator for chat fan-out.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

type Config struct {
	Dialect, Addr, Scenario, Peer, Out string
	Pids                               string
	N, W, Rooms, Members, Size, Hist   int
	Rate                               float64
	Dur, Warm, LatDur                  float64
	Conc                               int
}

var cfg Config
var dia Dialect
var start = time.Now()

func now() int64 { return int64(time.Since(start)) }

func fatal(f string, a ...any) {
	fmt.Fprintf(os.Stderr, "wsload: "+f+"\n", a...)
	res := map[string]any{"peer": cfg.Peer, "scenario": cfg.Scenario, "n": cfg.N, "error": fmt.Sprintf(f, a...)}
	emit(res)
	os.Exit(1)
}

const (
	stConnecting = iota
	stUpgrading
	stOpen
	stClosed
)

type Conn struct {
	fd       int
	idx      int
	user     int
	room     string
	state    int
	ready    bool
	rbuf     []byte
	wbuf     []byte
	wantOut  bool
	lastID   int64
	got      int // deliveries this phase
	frag     []byte
	hist     int
	histWant bool
	histDone bool
	outMsg   int32 // rooms: message in flight (-1 none)
}

var ep int
var conns []*Conn // by fd index
var byFd = make(map[int]*Conn)
var fdTab [70000]*Conn

// ---- statistics
var (
	deliveries   int64
	dataFrames   int64
	binFrames    int64
	reads        int64
	bytesIn      int64
	orderBad     int64
	unknown      int64
	closedByPeer int64
	nReady       int
	nHist        int
)

type msg struct {
	sent   int64
	left   int32
	sender int32
}

var msgs []msg
var msgBase int64 // id of msgs[0]
var onDeliver func(c *Conn, id int64)
var onReady func(c *Conn)

func (c *Conn) SetReady() {
	if !c.ready {
		c.ready = true
		nReady++
		if onReady != nil {
			onReady(c)
		}
	}
}

var maskKey = [4]byte{0x5a, 0x13, 0x7f, 0x21}

func appendFrame(b []byte, op byte, p []byte) []byte {
	b = append(b, 0x80|op)
	switch {
	case len(p) < 126:
		b = append(b, 0x80|byte(len(p)))
	case len(p) < 65536:
		b = append(b, 0x80|126, byte(len(p)>>8), byte(len(p)))
	default:
		b = append(b, 0x80|127)
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
	}
	b = append(b, maskKey[:]...)
	for i, x := range p {
		b = append(b, x^maskKey[i&3])
	}
	return b
}

var dirty []*Conn

func (c *Conn) SendText(p []byte) { c.queue(1, p) }
func (c *Conn) queue(op byte, p []byte) {
	if len(c.wbuf) == 0 {
		dirty = append(dirty, c)
	}
	c.wbuf = appendFrame(c.wbuf, op, p)
}

func (c *Conn) flush() {
	for len(c.wbuf) > 0 && c.state != stClosed {
		n, _, e := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(c.fd), uintptr(unsafe.Pointer(&c.wbuf[0])), uintptr(len(c.wbuf)))
		if e == syscall.EAGAIN {
			c.want(true)
			return
		}
		if e != 0 {
			c.dead()
			return
		}
		if int(n) == len(c.wbuf) {
			c.wbuf = c.wbuf[:0]
		} else {
			c.wbuf = append(c.wbuf[:0], c.wbuf[n:]...)
		}
	}
	if c.wantOut && len(c.wbuf) == 0 {
		c.want(false)
	}
}

func flushAll() {
	for i := 0; i < len(dirty); i++ {
		dirty[i].flush()
	}
	dirty = dirty[:0]
}

func (c *Conn) want(out bool) {
	if c.wantOut == out || c.state == stClosed {
		return
	}
	c.wantOut = out
	ev := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(c.fd)}
	if out {
		ev.Events |= syscall.EPOLLOUT
	}
	syscall.EpollCtl(ep, syscall.EPOLL_CTL_MOD, c.fd, &ev)
}

func (c *Conn) dead() {
	if c.state == stClosed {
		return
	}
	if c.ready {
		nReady--
	}
	c.ready = false
	c.state = stClosed
	closedByPeer++
	fdTab[c.fd] = nil
	syscall.Close(c.fd)
}

func (c *Conn) drop() { // our own close
	if c.state == stClosed {
		return
	}
	if c.ready {
		nReady--
	}
	c.ready = false
	c.state = stClosed
	fdTab[c.fd] = nil
	syscall.Close(c.fd)
}

var host [4]byte
var port int

func parseAddr(a string) {
	h, p, _ := strings.Cut(a, ":")
	for i, s := range strings.Split(h, ".") {
		v, _ := strconv.Atoi(s)
		host[i] = byte(v)
	}
	port, _ = strconv.Atoi(p)
}

func (c *Conn) connect() {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		fatal("socket: %v", err)
	}
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	// IP_BIND_ADDRESS_NO_PORT=24; spread over 127.0.0.2..9
	syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, 24, 1)
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(2 + c.idx%8)}}); err != nil {
		fatal("bind: %v", err)
	}
	err = syscall.Connect(fd, &syscall.SockaddrInet4{Addr: host, Port: port})
	if err != nil && err != syscall.EINPROGRESS {
		fatal("connect: %v", err)
	}
	c.fd = fd
	c.state = stConnecting
	c.rbuf, c.wbuf, c.frag = c.rbuf[:0], c.wbuf[:0], nil
	c.ready, c.hist, c.histDone = false, 0, false
	c.wantOut = true
	fdTab[fd] = c
	ev := syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLOUT, Fd: int32(fd)}
	if err := syscall.EpollCtl(ep, syscall.EPOLL_CTL_ADD, fd, &ev); err != nil {
		fatal("epoll add: %v", err)
	}
}

var big = make([]byte, 1<<20)
var evs [256]syscall.EpollEvent

func poll(timeoutMs int) int {
	n, err := syscall.EpollWait(ep, evs[:], timeoutMs)
	if err != nil && err != syscall.EINTR {
		fatal("epoll: %v", err)
	}
	for i := 0; i < n; i++ {
		c := fdTab[evs[i].Fd]
		if c == nil || c.state == stClosed {
			continue
		}
		if c.state == stConnecting {
			if evs[i].Events&(syscall.EPOLLERR|syscall.EPOLLHUP) != 0 {
				c.dead()
				continue
			}
			if evs[i].Events&syscall.EPOLLOUT == 0 {
				continue
			}
			c.state = stUpgrading
			c.wbuf = append(c.wbuf[:0], "GET "+dia.Path(c)+" HTTP/1.1\r\nHost: "+cfg.Addr+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://"+cfg.Addr+"\r\n\r\n"...)
			c.flush()
			continue
		}
		if evs[i].Events&syscall.EPOLLOUT != 0 {
			c.flush()
		}
		if evs[i].Events&(syscall.EPOLLIN|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
			c.readable()
		}
	}
	flushAll()
	return n
}

func (c *Conn) readable() {
	k := copy(big, c.rbuf)
	n, _, e := syscall.RawSyscall(syscall.SYS_READ, uintptr(c.fd), uintptr(unsafe.Pointer(&big[k])), uintptr(len(big)-k))
	if e == syscall.EAGAIN || e == syscall.EINTR {
		return
	}
	if e != 0 || n == 0 {
		c.dead()
		return
	}
	reads++
	bytesIn += int64(n)
	b := big[:k+int(n)]
	if c.state == stUpgrading {
		j := bytes.Index(b, []byte("\r\n\r\n"))
		if j < 0 {
			c.rbuf = append(c.rbuf[:0], b...)
			return
		}
		if !bytes.HasPrefix(b, []byte("HTTP/1.1 101")) {
			fatal("upgrade refused: %q", b[:min(len(b), 300)])
		}
		b = b[j+4:]
		c.state = stOpen
		dia.Open(c)
	}
	for len(b) >= 2 && c.state == stOpen {
		op, l, h := b[0]&15, int(b[1]&127), 2
		if l == 126 {
			if len(b) < 4 {
				break
			}
			l, h = int(binary.BigEndian.Uint16(b[2:])), 4
		} else if l == 127 {
			if len(b) < 10 {
				break
			}
			l, h = int(binary.BigEndian.Uint64(b[2:])), 10
		}
		if len(b) < h+l {
			break
		}
		p := b[h : h+l]
		fin := b[0]&0x80 != 0
		b = b[h+l:]
		if op >= 8 {
			if op == 9 {
				c.queue(10, p)
			} else if op == 8 {
				if os.Getenv("WSDEBUG") != "" {
					fmt.Fprintf(os.Stderr, "close frame: %x %q\n", p, p[min(2, len(p)):])
				}
				c.dead()
			}
			continue
		}
		if !fin || op == 0 {
			c.frag = append(c.frag, p...)
			if !fin {
				continue
			}
			p, c.frag = c.frag, nil
		}
		if op == 2 {
			binFrames++
		}
		dataFrames++
		if !c.ready || dia.Always() {
			dia.Frame(c, p)
		}
		c.scan(p)
	}
	if len(b) > 0 && c.state != stClosed {
		if len(b) > len(big)/2 {
			fatal("frame too big")
		}
		c.rbuf = append(c.rbuf[:0], b...)
	} else {
		c.rbuf = c.rbuf[:0]
	}
}

var mk = []byte("~#")

func (c *Conn) scan(p []byte) {
	for {
		j := bytes.Index(p, mk)
		if j < 0 || len(p) < j+11 {
			return
		}
		id := int64(0)
		for _, x := range p[j+2 : j+10] {
			id = id*10 + int64(x-'0')
		}
		p = p[j+11:]
		if c.histWant {
			c.hist++
			if c.hist == cfg.Hist && !c.histDone {
				c.histDone = true
				nHist++
			}
			continue
		}
		deliveries++
		c.got++
		if onDeliver != nil {
			onDeliver(c, id)
		}
	}
}

var pad = strings.Repeat("the quick brown fox jumps over the lazy dog ", 200)
var textBuf, payBuf []byte

func sendMsg(c *Conn, id int64) {
	textBuf = append(textBuf[:0], '~', '#')
	s := strconv.FormatInt(id, 10)
	textBuf = append(textBuf, "00000000"[len(s):]...)
	textBuf = append(textBuf, s...)
	textBuf = append(textBuf, '~')
	textBuf = append(textBuf, pad[:max(0, cfg.Size-len(textBuf))]...)
	payBuf = dia.Message(payBuf[:0], c, textBuf)
	c.queue(1, payBuf)
}

// ---- server CPU and RSS over the process trees rooted at the given pids

func treePids() []int {
	ppid := map[int]int{}
	ds, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range ds {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		pid, _ := strconv.Atoi(strings.Split(f, "/")[2])
		fs := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		pp, _ := strconv.Atoi(fs[1])
		ppid[pid] = pp
	}
	root := map[int]bool{}
	for _, s := range strings.Split(cfg.Pids, ",") {
		if p, err := strconv.Atoi(s); err == nil {
			root[p] = true
		}
	}
	var out []int
	for p := range ppid {
		for q, k := p, 0; q > 1 && k < 64; q, k = ppid[q], k+1 {
			if root[q] {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

type usage struct {
	user, sys float64 // seconds
	rss       int64   // bytes
	genCPU    float64
	busyAll   float64 // whole machine busy seconds
	steal     float64
	t         int64
	perPid    map[int]float64
}

func snap() usage {
	u := usage{t: now()}
	roots := map[int]bool{}
	for _, s := range strings.Split(cfg.Pids, ",") {
		if p, err := strconv.Atoi(s); err == nil {
			roots[p] = true
		}
	}
	for _, p := range treePids() {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue
		}
		fs := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		f := func(i int) float64 { v, _ := strconv.ParseFloat(fs[i], 64); return v / 100 }
		u.user += f(11)
		u.sys += f(12)
		u.user += f(13) // reaped children
		u.sys += f(14)
		st, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p))
		if j := bytes.Index(st, []byte("VmRSS:")); j >= 0 {
			v, _ := strconv.ParseInt(strings.Fields(string(st[j:]))[1], 10, 64)
			u.rss += v * 1024
		}
	}
	var ru syscall.Rusage
	syscall.Getrusage(0, &ru)
	u.genCPU = float64(ru.Utime.Sec+ru.Stime.Sec) + float64(ru.Utime.Usec+ru.Stime.Usec)/1e6
	b, _ := os.ReadFile("/proc/stat")
	fs := strings.Fields(strings.SplitN(string(b), "\n", 2)[0])
	for _, i := range []int{1, 2, 3, 6, 7} {
		v, _ := strconv.ParseFloat(fs[i], 64)
		u.busyAll += v / 100
	}
	v, _ := strconv.ParseFloat(fs[8], 64)
	u.steal = v / 100
	return u
}

func r2(f float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 5, 64), 64)
	return v
}

// interval summarises CPU between two snapshots
func interval(a, b usage) map[string]any {
	w := float64(b.t-a.t) / 1e9
	cpu := b.user + b.sys - a.user - a.sys
	gen := b.genCPU - a.genCPU
	return map[string]any{
		"wall_s": r2(w), "srv_cpu_s": r2(cpu), "srv_user_s": r2(b.user - a.user), "srv_sys_s": r2(b.sys - a.sys),
		"srv_cores": r2(cpu / w), "gen_cores": r2(gen / w), "other_cores": r2((b.busyAll - a.busyAll - cpu - gen) / w),
		"steal": r2((b.steal - a.steal) / w),
	}
}

func emit(m map[string]any) {
	b, _ := json.Marshal(m)
	fmt.Println(string(b))
	if cfg.Out != "" {
		f, err := os.OpenFile(cfg.Out, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0644)
		if err == nil {
			f.Write(append(b, '\n'))
			f.Close()
		}
	}
}

func pct(v []float64, p float64) float64 {
	if len(v) == 0 {
		return -1
	}
	s := append([]float64(nil), v...)
	sort.Float64s(s)
	i := int(p/100*float64(len(s)) + 0.9999)
	if i < 1 {
		i = 1
	}
	if i > len(s) {
		i = len(s)
	}
	return r2(s[i-1])
}

// connectAll brings up cs with at most conc handshakes in flight
func connectAll(cs []*Conn, conc int, limit time.Duration) float64 {
	t0 := now()
	base := nReady
	next := 0
	for {
		for next < len(cs) && next-(nReady-base) < conc {
			cs[next].connect()
			next++
		}
		if nReady-base >= len(cs) {
			break
		}
		poll(50)
		if now()-t0 > int64(limit) {
			fatal("connect: only %d of %d ready after %v (closed by peer %d)", nReady-base, len(cs), limit, closedByPeer)
		}
	}
	return float64(now()-t0) / 1e9
}

func mkConns(n int, room func(i int) string) []*Conn {
	for i := 0; i < n; i++ {
		conns = append(conns, &Conn{idx: i, user: i, room: room(i), state: stClosed, outMsg: -1})
	}
	return conns
}

// quiet polls for d without sending
func quiet(d float64) {
	end := now() + int64(d*1e9)
	for now() < end {
		poll(int(max(1, (end-now())/1e6)))
	}
}

func fanout() {
	cs := mkConns(cfg.N+1, func(int) string { return fmt.Sprintf("fan%d", cfg.N) })
	ct := connectAll(cs, cfg.Conc, 120*time.Second)
	quiet(1)
	sender := cs[0]
	nrecv := int32(cfg.N + 1) // the sender gets its own message as well
	var id, base int64
	outstanding := 0
	var lat []float64
	var recordLat bool
	onDeliver = func(c *Conn, m int64) {
		if m != c.lastID+1 {
			if m <= c.lastID {
				orderBad++
			} else if c.lastID >= 0 {
				orderBad++
			}
		}
		if m > c.lastID {
			c.lastID = m
		}
		k := m - base
		if k < 0 || k >= int64(len(msgs)) {
			unknown++
			return
		}
		q := &msgs[k]
		q.left--
		if q.left == 0 {
			outstanding--
			if recordLat {
				lat = append(lat, float64(now()-q.sent)/1e6)
			}
		}
	}
	base = 1
	id = 1
	send := func() {
		msgs = append(msgs, msg{sent: now(), left: nrecv})
		sendMsg(sender, id)
		id++
		outstanding++
	}
	// warm-up and saturation: W outstanding
	run := func(d float64) {
		end := now() + int64(d*1e9)
		for now() < end {
			for outstanding < cfg.W {
				send()
			}
			flushAll()
			poll(20)
			if len(sender.wbuf) > 0 && closedByPeer > 0 {
				fatal("connections closed by peer: %d", closedByPeer)
			}
			if sender.state == stClosed {
				fatal("sender closed by peer")
			}
		}
	}
	drain := func(d float64) {
		end := now() + int64(d*1e9)
		for outstanding > 0 && now() < end {
			poll(20)
		}
	}
	run(cfg.Warm)
	a := snap()
	d0, f0, rd0, id0, by0 := deliveries, dataFrames, reads, id, bytesIn
	run(cfg.Dur)
	b := snap()
	d1, f1, rd1, id1, by1 := deliveries, dataFrames, reads, id, bytesIn
	drain(20)
	res := interval(a, b)
	cpu := res["srv_cpu_s"].(float64)
	res["phase"] = "saturate"
	res["connect_s"] = r2(ct)
	res["deliveries"] = d1 - d0
	res["deliveries_per_s"] = r2(float64(d1-d0) / res["wall_s"].(float64))
	res["msgs_per_s"] = r2(float64(id1-id0) / res["wall_s"].(float64))
	res["cpu_us_per_delivery"] = r2(cpu * 1e6 / float64(d1-d0))
	res["gen_us_per_delivery"] = r2((b.genCPU - a.genCPU) * 1e6 / float64(d1-d0))
	res["msgs_per_frame"] = r2(float64(d1-d0) / float64(f1-f0))
	res["frames_per_read"] = r2(float64(f1-f0) / float64(rd1-rd0))
	res["bytes_per_delivery"] = r2(float64(by1-by0) / float64(d1-d0))
	res["bin_frames"] = binFrames
	res["undelivered"] = outstanding
	res["order_bad"] = orderBad
	res["unknown"] = unknown
	res["closed_by_peer"] = closedByPeer
	tag(res)
	emit(res)
	if cfg.LatDur <= 0 {
		return
	}
	// latency at a fixed rate
	quiet(0.5)
	recordLat = true
	a = snap()
	d0, id0 = deliveries, id
	t0 := now()
	step := int64(1e9 / cfg.Rate)
	next := t0
	end := t0 + int64(cfg.LatDur*1e9)
	for now() < end {
		if t := now(); t >= next {
			send()
			flushAll()
			next += step
		}
		if w := next - now(); w > 1500000 {
			poll(int((w - 500000) / 1e6))
		} else {
			poll(0)
		}
	}
	drain(10)
	b = snap()
	res = interval(a, b)
	res["phase"] = "rate"
	res["rate"] = cfg.Rate
	res["sent"] = id - id0
	res["deliveries"] = deliveries - d0
	res["p50_ms"] = pct(lat, 50)
	res["p99_ms"] = pct(lat, 99)
	res["max_ms"] = pct(lat, 100)
	res["cpu_us_per_delivery"] = r2(res["srv_cpu_s"].(float64) * 1e6 / float64(deliveries-d0))
	res["undelivered"] = outstanding
	res["order_bad"] = orderBad
	tag(res)
	emit(res)
}

func tag(m map[string]any) {
	m["peer"], m["scenario"], m["n"], m["w"] = cfg.Peer, cfg.Scenario, cfg.N, cfg.W
}

func roomsScenario() {
	mem := cfg.Members
	n := cfg.Rooms * mem
	cs := mkConns(n, func(i int) string { return fmt.Sprintf("room%d", i/mem) })
	ct := connectAll(cs, cfg.Conc, 120*time.Second)
	quiet(1)
	var completed, accepted int64
	var lat []float64
	var rec bool
	ready := make([]*Conn, 0, n) // members free to send
	paced := false
	onDeliver = func(c *Conn, m int64) {
		if m >= int64(len(msgs)) {
			unknown++
			return
		}
		q := &msgs[m]
		q.left--
		if int(q.sender) == c.idx {
			accepted++ // own echo: the server took the message
		}
		if q.left == 0 {
			completed++
			s := cs[q.sender]
			s.outMsg = -1
			if rec {
				lat = append(lat, float64(now()-q.sent)/1e6)
			}
			if !paced {
				ready = append(ready, s)
			}
		}
	}
	send := func(c *Conn) {
		id := int64(len(msgs))
		msgs = append(msgs, msg{sent: now(), left: int32(mem), sender: int32(c.idx)})
		c.outMsg = int32(id)
		sendMsg(c, id)
	}
	check := func() {
		if closedByPeer > 0 {
			fatal("closed by peer: %d", closedByPeer)
		}
	}
	report := func(phase string, a, b usage, acc, comp, del, skipped int64) {
		res := interval(a, b)
		res["phase"] = phase
		w := res["wall_s"].(float64)
		res["connect_s"] = r2(ct)
		res["accepted_per_s"] = r2(float64(acc) / w)
		res["completed_per_s"] = r2(float64(comp) / w)
		res["deliveries_per_s"] = r2(float64(del) / w)
		res["cpu_us_per_msg"] = r2(res["srv_cpu_s"].(float64) * 1e6 / float64(comp))
		res["cpu_us_per_delivery"] = r2(res["srv_cpu_s"].(float64) * 1e6 / float64(del))
		res["p50_ms"], res["p99_ms"] = pct(lat, 50), pct(lat, 99)
		res["skipped"] = skipped
		res["unknown"] = unknown
		tag(res)
		emit(res)
	}
	// saturation: window 1 per member
	runSat := func(d float64) {
		end := now() + int64(d*1e9)
		for now() < end {
			for _, c := range ready {
				send(c)
			}
			ready = ready[:0]
			flushAll()
			poll(20)
			check()
		}
	}
	// paced 1 msg/s/member first (a member with a message in flight skips its turn)
	paced = true
	runPaced := func(d float64) (skipped int64) {
		t0 := now()
		step := int64(1e9 / (cfg.Rate * float64(n)))
		next := t0
		end := t0 + int64(d*1e9)
		i := 0
		perm := rand.New(rand.NewSource(1)).Perm(n)
		for now() < end {
			for t := now(); t >= next; next += step {
				c := cs[perm[i%n]]
				i++
				if c.outMsg >= 0 {
					skipped++
					continue
				}
				send(c)
			}
			flushAll()
			poll(1) // sends go out in 1-2 ms batches; no spinning
			check()
		}
		return
	}
	runPaced(cfg.Warm)
	a := snap()
	rec = true
	lat = lat[:0]
	a0, c0, d0 := accepted, completed, deliveries
	sk := runPaced(cfg.LatDur)
	b := snap()
	report("paced", a, b, accepted-a0, completed-c0, deliveries-d0, sk)
	// let it drain, then saturate
	end := now() + 10e9
	for completed < int64(len(msgs)) && now() < end {
		poll(20)
	}
	paced = false
	rec = false
	for _, c := range cs {
		if c.outMsg < 0 {
			ready = append(ready, c)
		}
	}
	runSat(cfg.Warm)
	a = snap()
	rec = true
	lat = lat[:0]
	a0, c0, d0 = accepted, completed, deliveries
	runSat(cfg.Dur)
	b = snap()
	report("saturate", a, b, accepted-a0, completed-c0, deliveries-d0, 0)
}

func idle() {
	cs := mkConns(cfg.N, func(i int) string { return fmt.Sprintf("room%d", (i%1000)/10) })
	for _, c := range cs {
		c.user = c.idx % 1000
	}
	quiet(1)
	// a first handful warms the code paths and gets its buffers allocated
	connectAll(cs[:50], 10, 60*time.Second)
	quiet(1)
	a := snap()
	ct := connectAll(cs[50:], cfg.Conc, 240*time.Second)
	c := snap()
	quiet(3)
	b := snap()
	quiet(5)
	e := snap()
	m := cfg.N - 50
	res := interval(a, c)
	res["phase"] = "idle"
	res["conns_per_s"] = r2(float64(m) / ct)
	res["cpu_us_per_connect"] = r2((c.user + c.sys - a.user - a.sys) * 1e6 / float64(m))
	res["rss_base_mb"] = r2(float64(a.rss) / 1e6)
	res["rss_full_mb"] = r2(float64(b.rss) / 1e6)
	res["rss_kb_per_conn"] = r2(float64(b.rss-a.rss) / 1024 / float64(m))
	res["idle_cpu_cores"] = r2((e.user + e.sys - b.user - b.sys) / (float64(e.t-b.t) / 1e9))
	res["still_ready"] = nReady
	res["closed_by_peer"] = closedByPeer
	tag(res)
	emit(res)
}

func storm() {
	mem := cfg.Members
	n := cfg.Rooms * mem
	cs := mkConns(n, func(i int) string { return fmt.Sprintf("storm%d", i/mem) })
	connectAll(cs, cfg.Conc, 120*time.Second)
	quiet(0.5)
	hasHist := dia.History(nil, cs[0], cfg.Hist) != nil
	// preload 60 messages per room, one sender per room, one at a time
	var left int
	onDeliver = func(c *Conn, m int64) { left-- }
	for k := 0; k < cfg.Hist+10; k++ {
		left = n
		for r := 0; r < cfg.Rooms; r++ {
			sendMsg(cs[r*mem], int64(k*cfg.Rooms+r))
		}
		flushAll()
		t := now()
		for left > 0 && now()-t < 10e9 {
			poll(50)
		}
		if left > 0 {
			fatal("storm preload: %d deliveries missing", left)
		}
	}
	quiet(1)
	a := snap()
	t0 := now()
	for _, c := range cs {
		c.drop()
	}
	tDrop := now()
	var backAt []float64
	onReady = func(c *Conn) {
		if hasHist {
			payBuf = dia.History(payBuf[:0], c, cfg.Hist)
			c.queue(1, payBuf)
		} else {
			backAt = append(backAt, float64(now()-t0)/1e6)
		}
	}
	onDeliver = nil
	nHist = 0
	for _, c := range cs {
		c.histWant = true
		c.connect()
	}
	tConn := now()
	last := 0
	var histAt []float64
	bad := closedByPeer
	for {
		poll(20)
		if hasHist {
			for ; last < nHist; last++ {
				histAt = append(histAt, float64(now()-t0)/1e6)
			}
			if nHist >= n {
				break
			}
		} else if nReady >= n {
			break
		}
		// a client whose attempt was refused tries again at once
		if closedByPeer > bad {
			bad = closedByPeer
			for _, c := range cs {
				if c.state == stClosed {
					c.connect()
				}
			}
		}
		if now()-t0 > 90e9 {
			fatal("storm: only %d ready, %d with history of %d after 90 s", nReady, nHist, n)
		}
	}
	tb := now()
	b := snap()
	if !hasHist {
		histAt = backAt
	}
	res := interval(a, b)
	res["phase"] = "storm"
	res["history"] = hasHist
	res["all_back_ms"] = r2(float64(tb-t0) / 1e6)
	res["half_back_ms"] = pct(histAt, 50)
	res["p99_back_ms"] = pct(histAt, 99)
	res["drop_ms"] = r2(float64(tDrop-t0) / 1e6)
	res["syn_ms"] = r2(float64(tConn-tDrop) / 1e6)
	res["cpu_us_per_reconnect"] = r2((b.user + b.sys - a.user - a.sys) * 1e6 / float64(n))
	res["refused"] = closedByPeer
	tag(res)
	emit(res)
}

// posts: a room for each connection, which keeps W messages on the way; one is done when its sender has it back
func posts() {
	cs := mkConns(cfg.Rooms, func(i int) string { return fmt.Sprintf("post%d", i) })
	ct := connectAll(cs, cfg.Conc, 120*time.Second)
	quiet(0.5)
	id, done := int64(0), int64(0)
	free := make([]*Conn, 0, cfg.Rooms*cfg.W)
	onDeliver = func(c *Conn, m int64) {
		done++
		free = append(free, c)
	}
	for i := 0; i < cfg.W; i++ {
		free = append(free, cs...)
	}
	run := func(d float64) {
		end := now() + int64(d*1e9)
		for now() < end {
			for _, c := range free {
				sendMsg(c, id%100000000)
				id++
			}
			free = free[:0]
			flushAll()
			poll(20)
			if closedByPeer > 0 {
				fatal("closed by peer: %d", closedByPeer)
			}
		}
	}
	run(cfg.Warm)
	a, d0 := snap(), done
	run(cfg.Dur)
	b := snap()
	res := interval(a, b)
	res["phase"] = "posts"
	res["connect_s"] = r2(ct)
	res["rooms"] = cfg.Rooms
	res["accepted_per_s"] = r2(float64(done-d0) / res["wall_s"].(float64))
	res["cpu_us_per_post"] = r2(res["srv_cpu_s"].(float64) * 1e6 / float64(done-d0))
	tag(res)
	emit(res)
}

func main() {
	runtime.LockOSThread()
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(800)
	flag.StringVar(&cfg.Dialect, "dialect", "plain", "plain|hubbub|hubbub-batch")
	flag.StringVar(&cfg.Addr, "addr", "127.0.0.1:9000", "ip:port")
	flag.StringVar(&cfg.Scenario, "scenario", "fanout", "fanout|rooms|posts|idle|storm")
	flag.StringVar(&cfg.Peer, "peer", "", "label")
	flag.StringVar(&cfg.Out, "out", "", "append JSON results here")
	flag.StringVar(&cfg.Pids, "pids", "", "server root pids, comma separated (descendants included)")
	flag.IntVar(&cfg.N, "n", 200, "receivers / idle connections")
	flag.IntVar(&cfg.W, "w", 64, "max outstanding messages in fanout")
	flag.IntVar(&cfg.Rooms, "rooms", 100, "")
	flag.IntVar(&cfg.Members, "members", 10, "")
	flag.IntVar(&cfg.Size, "size", 100, "text bytes per message")
	flag.IntVar(&cfg.Hist, "hist", 50, "history length in storm")
	flag.Float64Var(&cfg.Rate, "rate", 20, "msgs/s (fanout latency phase) or msgs/s/member (rooms)")
	flag.Float64Var(&cfg.Dur, "dur", 5, "measured seconds")
	flag.Float64Var(&cfg.Warm, "warm", 1.5, "warm-up seconds")
	flag.Float64Var(&cfg.LatDur, "latdur", 10, "seconds of fixed-rate phase")
	flag.IntVar(&cfg.Conc, "conc", 64, "handshakes in flight")
	flag.Parse()
	var rl syscall.Rlimit
	syscall.Getrlimit(syscall.RLIMIT_NOFILE, &rl)
	rl.Cur = rl.Max
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &rl)
	parseAddr(cfg.Addr)
	dia = newDialect(cfg.Dialect)
	ep, _ = syscall.EpollCreate1(0)
	switch cfg.Scenario {
	case "fanout":
		fanout()
	case "rooms":
		roomsScenario()
	case "idle":
		idle()
	case "storm":
		storm()
	case "posts":
		posts()
	default:
		fatal("unknown scenario")
	}
}
