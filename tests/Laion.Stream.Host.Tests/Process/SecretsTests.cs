using System.Net.Sockets;
using System.Text;
using LaionStream.Demo;

namespace LaionStream.Host.Tests.Process;

/// <summary>What opens an input's address is neither stored nor shown, and signatures that change do not make an input another one.</summary>
public sealed class SecretsTests : IAsyncDisposable
{
    private const string Secret = "s3cr";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-secrets");
    private readonly SocketServer _server;
    private int _served;

    public SecretsTests() => _server = new SocketServer(ServeAsync);

    private string Output => Path.Combine(_folder.FullName, "out");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Extract_SignedAddresses_AreNeitherStoredNorShownAndResumeWithFreshSignatures()
    {
        (int code, string output, string error) = await RunAsync("extract", "--input", Address("a", 1), Address("b", 1), "--output", Output);
        Assert.True(code == 0, error);
        string rows = await RowsAsync();
        Assert.Equal(["\"b/list.csv\"", "\"list.csv\""], rows.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(row => System.Text.Json.JsonDocument.Parse(row).RootElement.GetProperty("source").GetRawText()).Order(StringComparer.Ordinal));
        int served = _served;

        (code, string again, string why) = await RunAsync("extract", "--input", Address("a", 2), Address("b", 2), "--output", Output);

        Assert.True(code == 0, why);
        Assert.Equal(rows, await RowsAsync());
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(Output, "state", "inputs.txt"))).Length);
        Assert.InRange(_served, served, served + 8); // asked whether they changed, and for their columns
        AssertNoSecret(output + error + again + why + rows);
    }

    [Fact]
    public async Task Retry_OfASignedInput_TakesItsWholeAddress()
    {
        string[] settings = ["--output", Output, "--Laion:Filtering:Off=true", "--Laion:Download:Retries=0", "--Laion:Download:AllowPrivate:0=127.0.0.0/8"];
        (int code, string output, string error) = await RunAsync(["run", "--input", Address("a", 1), .. settings]);
        Assert.True(code == 0, error);

        (int refused, _, string unread) = await RunAsync(["retry", .. settings]);
        (int retried, _, string why) = await RunAsync(["retry", "--input", Address("a", 2), .. settings]);

        Assert.True(refused == 1, unread); // the server wants the signature
        Assert.Contains("list.csv", unread, StringComparison.Ordinal);
        Assert.True(retried == 0, why);
        AssertNoSecret(output + error + unread + why);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("page")]
    [InlineData("closed")]
    public async Task Extract_OfASignedAddressThatFails_SaysSoWithoutIt(string how)
    {
        string address = Address(how, 1).Replace("list.csv", "list.wat.gz", StringComparison.Ordinal);
        (int code, string output, string error) = await RunAsync("extract", "--input", address, "--output", Output, "--Laion:Wat:RemoteAttempts=2");

        Assert.True(code is 1 or 2, error);
        Assert.Contains("list.wat.gz", error, StringComparison.Ordinal);
        AssertNoSecret(output + error);
    }

    [Theory]
    [InlineData("--Laion:Download:Timeout=http://me:s3cr@h/?s3cr")]
    [InlineData("--Laion:Download:Resolve:*=http://me:s3cr@h/?s3cr")]
    [InlineData("--Laion:Writing:Path=s3://me:s3cr@h/?s3cr")]
    [InlineData("--Laion:Input:Paths:0=ftp://me:s3cr@h/?s3cr")]
    [InlineData("--inptu=http://me:s3cr@h/?s3cr")]
    public async Task Refused_Settings_AreShownWithoutSecrets(string setting)
    {
        (int code, string output, string error) = await RunAsync("extract", "--output", Output, setting);

        Assert.True(code == 2, error);
        AssertNoSecret(output + error);
    }

    [Fact]
    public async Task Proxy_ThatRefuses_IsNamedWithoutItsPassword()
    {
        using HostProcess process = HostProcess.StartWith(
            ("https_proxy", $"http://me:{Secret}@127.0.0.1:{_server.Port}/"),
            "extract", "--input", "https://h.example/list.wat.gz", "--output", Output, "--Laion:Wat:RemoteAttempts=2");
        (int code, string output, string error) = await process.EndAsync(TimeSpan.FromMinutes(1));

        Assert.True(code is 1 or 2, error);
        AssertNoSecret(output + error);
    }

    private string Address(string folder, int signature) =>
        $"http://me:{Secret}@127.0.0.1:{_server.Port}/{folder}/list.csv?X-Amz-Credential={Secret}&X-Amz-Signature={Secret}{signature}";

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using HostProcess process = HostProcess.Start(args);
        return await process.EndAsync(TimeSpan.FromMinutes(1));
    }

    private async Task<string> RowsAsync()
    {
        string[] parts = [.. Directory.EnumerateFiles(Output, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var rows = new StringBuilder();
        foreach (string part in parts)
        {
            (int code, string text, string error) = await RunAsync("inspect", part, "--rows", "10");
            Assert.True(code == 0, error);
            rows.Append(text);
        }

        return rows.ToString();
    }

    private void AssertNoSecret(string shown)
    {
        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        if (!Directory.Exists(Output)) { return; }
        Assert.All(Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        using (socket)
        {
            try
            {
                var request = new StringBuilder();
                byte[] buffer = new byte[4096];
                while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    int read = await socket.ReceiveAsync(buffer, stop);
                    if (read == 0) { return; }
                    request.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                Interlocked.Increment(ref _served);
                if (Answer(request.ToString()) is { } answer) { await socket.SendAsync(Encoding.Latin1.GetBytes(answer), stop); }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The client is gone, or the test has ended.
            }
        }
    }

    private static string? Answer(string request)
    {
        string target = request.Split(' ')[1];
        if (target.StartsWith("/closed", StringComparison.Ordinal)) { return null; }
        bool isSigned = target.Contains("X-Amz-Signature=", StringComparison.Ordinal) && !target.StartsWith("/refused", StringComparison.Ordinal);
        string folder = target.Split('/')[Math.Min(1, target.Split('/').Length - 1)];
        string body = !isSigned ? "no" : folder == "page" ? "<html>an error page</html>"
            : $"url,caption\nhttp://127.0.0.2/{folder}.jpg,a caption of list {folder} of some length\n";
        return $"HTTP/1.1 {(isSigned ? "200 OK" : "403 Forbidden")}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
    }
}
