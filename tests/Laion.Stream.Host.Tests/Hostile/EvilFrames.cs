namespace LaionStream.Host.Tests.Hostile;

/// <summary>Faults in the frames of HTTP/2.</summary>
internal static class EvilFrames
{
    private const string Broken = "connect_failed|incomplete_body";
    private const string Flooded = Broken + "|too_large|too_slow|timeout";

    private static readonly int Size = EvilTalk.Picture.Length;

    public static IEnumerable<EvilKind> All { get; } =
    [
        new("h2-speaks-http1", EvilWire.Unframed, "connect_failed|timeout", talk => talk.PictureAsync()),
        new("h2-close-at-once", EvilWire.Unframed, "connect_failed", _ => Task.CompletedTask),
        new("h2-silence", EvilWire.Unframed, "timeout|connect_failed", talk => talk.WaitAsync()),
        new("h2-no-settings", EvilWire.Unframed, "connect_failed|timeout", talk => talk.SendAsync(Frame.Number(Frame.WindowUpdate, 0, 1000))),
        new("h2-never-reads", EvilWire.Unframed, Flooded, talk => FloodAsync(talk, Frame.Of(Frame.Ping, 0, 0, new byte[8]), 1000)),
        Flood("settings", Frame.Setting(3, 100)),
        Flood("ping", Frame.Of(Frame.Ping, 0, 0, new byte[8])),
        Flood("unknown", Frame.Of(0xFA, 0xFF, 0, new byte[64])),
        Flood("priority", Frame.Of(Frame.Priority, 0, 3, 0, 0, 0, 0, 9)),
        Flood("window", Frame.Number(Frame.WindowUpdate, 0, 1)),
        Flood("settings-ack", Frame.Of(Frame.Settings, 1, 0)),
        Flood("goaway", Frame.Of(Frame.GoAway, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0)),
        Sends("window-overflow", Broken, talk => [.. Frame.Number(Frame.WindowUpdate, 0, 0x7FFFFFFF), .. Frame.Number(Frame.WindowUpdate, 0, 0x7FFFFFFF)]),
        Sends("window-zero", Broken, talk => Frame.Number(Frame.WindowUpdate, 0, 0)),
        Sends("data-on-0", Broken, talk => Frame.Of(Frame.Data, 0, 0, 1, 2, 3)),
        Sends("data-first", Broken, talk => Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)),
        Sends("data-on-unknown", Broken + "|timeout", talk => Frame.Body(talk.Id + 1000, EvilTalk.Picture, isLast: true)),
        Sends("bad-hpack", Broken, talk => Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)),
        Sends("hpack-index-0", Broken, talk => Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, 0x80)),
        Sends("hpack-bomb", "too_large|" + Broken, talk =>
            Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id,
            [Frame.Status200, .. Frame.Field("x-big", new string('b', 3900), isIndexed: true), .. Enumerable.Repeat((byte)0xBE, 12_000)])),
        Sends("no-status", Broken, talk =>
            [.. Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, Frame.Field("content-type", "image/png")),
            .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("two-statuses", Broken + "|ok", talk =>
            [.. Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, Frame.Status200, 0x8D), .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("upper-case", Broken + "|ok", talk =>
            [.. Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, [Frame.Status200, .. Frame.Field("X-UPPER", "a")]),
            .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("nul-in-value", Broken + "|ok", talk =>
            [.. Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, [Frame.Status200, .. Frame.Field("x-nul", "a\0b\r\nc")]),
            .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("frame-of-16-mib", Broken, talk => Frame.WithLength(0xFFFFFF, Frame.Data, 0, talk.Id, new byte[100])),
        Sends("padding-too-long", Broken, talk => [.. Frame.Head(talk.Id, null), .. Frame.Of(Frame.Data, Frame.Padded, talk.Id, 0xFF, 1, 2)]),
        Sends("settings-of-5", Broken, talk => Frame.Of(Frame.Settings, 0, 0, 1, 2, 3, 4, 5)),
        Sends("settings-on-1", Broken, talk => Frame.Of(Frame.Settings, 0, 1)),
        Sends("settings-window-2-to-32", Broken, talk => Frame.Setting(4, uint.MaxValue)),
        Sends("settings-frame-1", Broken + "|timeout", talk => Frame.Setting(5, 1)),
        Sends("ping-of-3", Broken, talk => Frame.Of(Frame.Ping, 0, 0, 1, 2, 3)),
        Sends("push", Broken, talk => Frame.Of(Frame.PushPromise, Frame.EndHeaders, talk.Id, 0, 0, 0, 2, Frame.Status200)),
        Sends("continuation-alone", Broken, talk => Frame.Of(Frame.Continuation, Frame.EndHeaders, talk.Id, Frame.Status200)),
        Sends("continuation-broken", Broken, talk => [.. Frame.Head(talk.Id, null, flags: 0), .. Frame.Of(Frame.Ping, 0, 0, new byte[8])]),
        Sends("end-without-body", "incomplete_body", talk => Frame.Head(talk.Id, Size, Frame.EndHeaders | Frame.EndStream)),
        Sends("body-short", "incomplete_body", talk => [.. Frame.Head(talk.Id, Size + 1), .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("body-long", "incomplete_body", talk => [.. Frame.Head(talk.Id, Size - 1), .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("body-of-one-byte-frames", "ok", talk =>
            [.. Frame.Head(talk.Id, Size), .. Frame.Body(talk.Id, EvilTalk.Picture[..2000], isLast: false, size: 1),
            .. Frame.Body(talk.Id, EvilTalk.Picture[2000..], isLast: true)]),
        Sends("body-after-end", "ok|" + Broken, talk =>
            [.. Frame.Head(talk.Id, Size), .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true), .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Sends("trailers", "ok", talk =>
            [.. Frame.Head(talk.Id, Size), .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: false),
            .. Frame.Of(Frame.Headers, Frame.EndHeaders | Frame.EndStream, talk.Id, Frame.Field("x-t", "1"))]),
        Sends("interim", "ok", talk =>
            [.. Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, [8, 3, (byte)'1', (byte)'0', (byte)'3']), .. Frame.Head(talk.Id, Size),
            .. Frame.Body(talk.Id, EvilTalk.Picture, isLast: true)]),
        Floods("endless-interim", talk => [], talk => Frame.Of(Frame.Headers, Frame.EndHeaders, talk.Id, [8, 3, (byte)'1', (byte)'0', (byte)'3'])),
        Floods("endless-empty-data", talk => Frame.Head(talk.Id, null), talk => Frame.Of(Frame.Data, 0, talk.Id)),
        Floods("endless-padding", talk => Frame.Head(talk.Id, null), talk => Frame.Of(Frame.Data, Frame.Padded, talk.Id, [0xFF, .. new byte[0xFF]])),
        Floods("endless-empty-continuation", talk => Frame.Head(talk.Id, null, flags: 0), talk => Frame.Of(Frame.Continuation, 0, talk.Id)),
        Floods("endless-trailers", talk => [.. Frame.Head(talk.Id, null), .. Frame.Of(Frame.Headers, 0, talk.Id, Frame.Field("x-t", "1"))], talk =>
            Frame.Of(Frame.Continuation, 0, talk.Id, Frame.Field("x-t", new string('t', 500)))),
        .. new[] { 0, 1, 2, 7, 8, 11, 13, 0xFFFFFF }.Select(code => Sends($"rst-{code}", Broken, talk => Frame.Number(Frame.RstStream, talk.Id, (uint)code))),
        Sends("goaway-debug", Broken, talk => Frame.Of(Frame.GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 11, .. new byte[10_000]])),
    ];

    private static EvilKind Sends(string name, string ends, Func<EvilTalk, byte[]> frames) =>
        new("h2-" + name, EvilWire.Frames, ends, talk => talk.SendAsync(frames(talk)));

    private static EvilKind Flood(string name, byte[] frame) => new($"h2-{name}-flood", EvilWire.Frames, Flooded, talk => FloodAsync(talk, frame, 200));

    private static EvilKind Floods(string name, Func<EvilTalk, byte[]> start, Func<EvilTalk, byte[]> more) =>
        new("h2-" + name, EvilWire.Frames, Flooded, async talk =>
    {
        await talk.SendAsync(start(talk));
        await FloodAsync(talk, more(talk), 50);
    });

    private static Task FloodAsync(EvilTalk talk, byte[] frame, int together) =>
        talk.FloodAsync((byte[])[.. Enumerable.Repeat(frame, together).SelectMany(bytes => bytes)], 10);
}
