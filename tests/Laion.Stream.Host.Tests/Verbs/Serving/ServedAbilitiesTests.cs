using System.Net;
using System.Net.Sockets;
using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Decoding;
using LaionStream.Explorer.Data;
using LaionStream.Host.Hosting;
using LaionStream.Host.Verbs.Serving;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Pictures.Headers;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Verbs.Serving;

public sealed class ServedAbilitiesTests : IDisposable
{
    private static readonly string Picture = Path.Combine(BundledModels.TinyClipFixture, "dog.png");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Thumbnail_OfAPicture_IsASmallJpeg()
    {
        using var decoder = new LimitedDecoder(new ImagingOptions());

        byte[] thumbnail = await new ServedThumbnails(decoder).MakeAsync(await File.ReadAllBytesAsync(Picture), 128, CancellationToken.None);
        ImageHeader header = ImageHeader.Read(thumbnail);

        Assert.Equal(ImageFormat.Jpeg, header.Format);
        Assert.Equal(128, Math.Max(header.Width, header.Height));
    }

    /// <summary>A few bytes that announce gigabytes, and what is no picture.</summary>
    [Theory]
    [InlineData("bomb", "too_many_pixels")]
    [InlineData("text", "unsupported_format")]
    [InlineData("empty", "not_an_image")]
    [InlineData("cut", "decode_failed")]
    public async Task Decode_WhatARunWouldDrop_SaysWhy(string kind, string reason)
    {
        byte[] png = await File.ReadAllBytesAsync(Picture);
        byte[] bytes = kind switch
        {
            "bomb" => Bomb(png),
            "text" => Encoding.ASCII.GetBytes("<svg onload=alert(1)>"),
            "empty" => [],
            _ => png[..(png.Length / 2)],
        };
        using var decoder = new LimitedDecoder(new ImagingOptions());

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => new ServedThumbnails(decoder).MakeAsync(bytes, 128, CancellationToken.None).AsTask());

        Assert.Equal(reason, refused.Message);
    }

    [Fact]
    public async Task Models_OfTheRun_EmbedAsTheRunDoes()
    {
        await using EngineHost host = Start(new() { ["Laion:Models:Path"] = BundledModels.TinyClip });
        using ServedAbilities abilities = ServedAbilities.Load(host.Services, [_folder.Root], fetches: false);
        using ClipModel clip = ClipModel.Load(BundledModels.TinyClip);
        byte[] picture = await File.ReadAllBytesAsync(Picture);
        IQueryModels models = abilities.All.Models!;

        float[][] texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => models.TextAsync($"a photo of {i} dogs", CancellationToken.None).AsTask()));

        Assert.Equal(clip.EmbedText("a photo of 3 dogs"), texts[3]);
        Assert.Equal(clip.EmbedPicture(picture), await models.PictureAsync(picture, CancellationToken.None));
        Assert.Null(abilities.All.Fetch);
    }

    [Fact]
    public async Task Models_OtherThanTheRuns_AreNotUsed()
    {
        await File.WriteAllBytesAsync(_folder.At("summary.json"), new RunSummary
        {
            Verb = "run",
            Complete = true,
            Links = 0,
            Candidates = 0,
            Kept = 0,
            Dropped = new Dictionary<string, long>(),
            Sets = new Dictionary<string, long>(),
            Files = new FilesSummary(0, 0),
            WrittenAt = DateTimeOffset.UnixEpoch,
            Models = new Dictionary<string, string> { ["clip text"] = "00" },
        }.ToJson());
        await using EngineHost host = Start(new() { ["Laion:Models:Path"] = BundledModels.TinyClip });
        using ServedAbilities abilities = ServedAbilities.Load(host.Services, [_folder.Root], fetches: false);

        Assert.Null(abilities.All.Models);
    }

    public static TheoryData<string> Forbidden =>
    [
        "http://127.0.0.1:{0}/", "http://localhost:{0}/", "http://[::1]:{0}/", "http://[::ffff:127.0.0.1]:{0}/", "http://0x7f000001:{0}/", "http://2130706433:{0}/", "http://127.1:{0}/",
        "http://0.0.0.0:{0}/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:{0}/", "", "http://", "//127.0.0.1:{0}/", "javascript:alert(1)",
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Fetch_OfThisMachineOrAnotherScheme_ConnectsNowhere(string address)
    {
        using var server = new OneAnswer(IPAddress.Loopback, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using EngineHost host = Start(new() { ["Laion:Download:AllowedPorts:0"] = Text(server.Port), ["Laion:Download:Retries"] = "0" });
        using ServedAbilities abilities = ServedAbilities.Load(host.Services, [_folder.Root], fetches: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        (byte[]? bytes, string? reason) = await abilities.All.Fetch!.FetchAsync(address.Replace("{0}", Text(server.Port), StringComparison.Ordinal), patience.Token);

        Assert.Null(bytes);
        Assert.NotNull(reason);
        Assert.Equal(0, server.Connections);
    }

    /// <summary>The guard holds for each step: a public address (here the one that is excepted) that redirects to this machine leads nowhere.</summary>
    [Fact]
    public async Task Fetch_ARedirectToThisMachine_IsNotFollowed()
    {
        using var inside = new OneAnswer(IPAddress.Loopback, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var outside = new OneAnswer(IPAddress.Parse("127.0.0.2"), $"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inside.Port}/secret\r\nContent-Length: 0\r\n\r\n");
        await using EngineHost host = Start(new()
        {
            ["Laion:Download:AllowPrivate:0"] = "127.0.0.2/32",
            ["Laion:Download:Robots"] = "false",
            ["Laion:Download:AllowedPorts:0"] = Text(inside.Port),
            ["Laion:Download:AllowedPorts:1"] = Text(outside.Port),
            ["Laion:Download:Retries"] = "0",
        });
        using ServedAbilities abilities = ServedAbilities.Load(host.Services, [_folder.Root], fetches: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        (byte[]? bytes, string? reason) = await abilities.All.Fetch!.FetchAsync($"http://127.0.0.2:{outside.Port}/", patience.Token);

        Assert.Null(bytes);
        Assert.Equal("blocked_address", reason);
        Assert.True(outside.Connections > 0);
        Assert.Equal(0, inside.Connections);
    }

    /// <summary>Servers that announce more than a run takes, or unpack to it.</summary>
    [Theory]
    [InlineData("Content-Length: 999999999999\r\n", "too_large")]
    [InlineData("Content-Type: image/svg+xml\r\nContent-Length: 0\r\n", null)]
    public async Task Fetch_OfWhatARunWouldNotTake_GivesNoBytes(string headers, string? expected)
    {
        using var server = new OneAnswer(IPAddress.Parse("127.0.0.2"), $"HTTP/1.1 200 OK\r\n{headers}\r\n");
        await using EngineHost host = Start(new()
        {
            ["Laion:Download:AllowPrivate:0"] = "127.0.0.2/32",
            ["Laion:Download:Robots"] = "false",
            ["Laion:Download:AllowedPorts:0"] = Text(server.Port),
            ["Laion:Download:Retries"] = "0",
        });
        using ServedAbilities abilities = ServedAbilities.Load(host.Services, [_folder.Root], fetches: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        (byte[]? bytes, string? reason) = await abilities.All.Fetch!.FetchAsync($"http://127.0.0.2:{server.Port}/", patience.Token);

        Assert.Null(bytes);
        Assert.NotNull(reason);
        if (expected is not null) { Assert.Equal(expected, reason); }
        Assert.True(server.Connections > 0);
    }

    private static EngineHost Start(Dictionary<string, string?> settings) => EngineHost.Start(config: null, settings, logsBesideOutput: false);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Bomb(byte[] png)
    {
        byte[] bomb = (byte[])png.Clone();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), Crc(bomb.AsSpan(12, 17)));
        return bomb;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint sum = ~0u;
        foreach (byte one in bytes)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++) { sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320u); }
        }

        return ~sum;
    }

    /// <summary>A server that gives every connection the same answer, and counts them.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener;
        private readonly byte[] _answer;
        private int _connections;

        public OneAnswer(IPAddress address, string answer)
        {
            _answer = Encoding.ASCII.GetBytes(answer);
            _listener = new TcpListener(address, 0);
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections => Volatile.Read(ref _connections);

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                    await client.GetStream().ReadAtLeastAsync(new byte[4096], 1);
                    await client.GetStream().WriteAsync(_answer);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                return; // the test has ended
            }
        }
    }
}
