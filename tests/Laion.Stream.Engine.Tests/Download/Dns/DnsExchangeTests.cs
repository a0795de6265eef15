using System.Diagnostics;
using System.Net;
using LaionStream.Engine.Download.Dns;
using static LaionStream.Engine.Tests.Download.Dns.DnsText;

namespace LaionStream.Engine.Tests.Download.Dns;

public sealed class DnsExchangeTests
{
    private const string Host = "a.example";
    private const string Good = "93.184.216.34";
    private const string Forged = "6.6.6.6";

    [Fact]
    public async Task QueryAsync_Answer_IsReadWithItsTtl()
    {
        DnsReply reply = await AskAsync(query => [[.. Response(query, [[]]), 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 77, 0, 4, 93, 184, 216, 34]]);

        Assert.Equal(DnsStatus.Found, reply.Status);
        Assert.Equal(Good, Assert.Single(reply.Addresses).ToString());
        Assert.Equal(TimeSpan.FromSeconds(77), reply.Ttl);
    }

    [Theory]
    [InlineData(3, "NoSuchName")]
    [InlineData(2, "Failed")] // SERVFAIL
    [InlineData(5, "Failed")] // REFUSED
    [InlineData(0, "Found")] // the name exists, without an address
    public async Task QueryAsync_ResponseCode_GivesTheStatus(int code, string expected)
    {
        DnsReply reply = await AskAsync(query => [Response(query, [], code)]);

        Assert.Equal(expected, reply.Status.ToString());
        Assert.Empty(reply.Addresses);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0000818000010001000000000000")]
    public async Task QueryAsync_Garbage_IsIgnored(string hex)
    {
        AssertGood(await AskAsync(query => [Convert.FromHexString(hex), Answer(query)]));
        Assert.Equal((DnsStatus.Failed, true), StateOf(await AskAsync(_ => [Convert.FromHexString(hex)], TimeSpan.FromMilliseconds(200))));
    }

    [Fact]
    public async Task QueryAsync_RightIdThenGarbage_IsIgnored()
    {
        var random = new Random(5);
        for (int i = 0; i < 50; i++)
        {
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            AssertGood(await AskAsync(query => [[.. query[..2], 0x81, 0x80, 0, 1, 0, 3, 0, 2, 0, 2, .. garbage], Answer(query)]));
        }
    }

    public static TheoryData<string> Passed =>
        ["other id", "other question", "other type asked", "other class asked", "question", "update", "two questions", "no question", "no question, no name",
        "records cut", "record longer than the message", "name that points at itself", "name that points forward", "pointers in a circle", "label of reserved type", "more records than there are"];

    [Theory]
    [MemberData(nameof(Passed))]
    public async Task QueryAsync_NotAResponseToTheQuestion_IsIgnored(string kind)
    {
        AssertGood(await AskAsync(query => [Bad(kind, query), Answer(query)]));
        AssertGood(await AskAsync(query => [.. Enumerable.Repeat(Bad(kind, query), 50), Answer(query)]));
        Assert.Equal(DnsStatus.Failed, (await AskAsync(query => [Bad(kind, query)], TimeSpan.FromMilliseconds(200))).Status);
    }

    [Fact]
    public async Task QueryAsync_ResponseFromAnotherPort_IsIgnored()
    {
        LoopbackDns? server = null;
        await using (server = new LoopbackDns((query, _) =>
        {
            LoopbackDns.ForgeAsync(server!.Client!, Response(query, [A(Host, Forged)])).Wait(TimeSpan.FromSeconds(5));
            return [Answer(query)];
        }))
        {
            AssertGood(await new DnsExchange(TimeSpan.FromSeconds(5)).QueryAsync(server.EndPoint, Host, false, default));
        }
    }

    public static TheoryData<string> Foreign =>
        ["other owner", "alias of another name", "other class", "other type", "address of wrong length", "alias elsewhere with an address"];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task QueryAsync_UnrelatedRecords_AreIgnored(string kind)
    {
        byte[][] records = kind switch
        {
            "other owner" => [A("bank.example", Forged)],
            "alias of another name" => [Alias("bank.example", "b.example"), A("b.example", Forged)],
            "other class" => [Record(Host, TypeA, [6, 6, 6, 6], 60, 3)],
            "other type" => [Record(Host, TypeAaaa, [6, 6, 6, 6]), Record(Host, 16, [6, 6, 6, 6])],
            "address of wrong length" => [Record(Host, TypeA, [6, 6, 6, 6, 6]), Record(Host, TypeA, [])],
            _ => [A("b.example", Forged), Alias("c.example", Host)],
        };
        Assert.Empty((await AskAsync(query => [Response(query, records)])).Addresses);
        AssertGood(await AskAsync(query => [Response(query, [.. records, A(Host, Good), .. records])]));
    }

    [Fact]
    public async Task QueryAsync_AliasesInAnyOrder_LeadToTheAddress()
    {
        byte[][] chain = [Alias(Host, "b.example", 50), Alias("B.example", "c.example", 40), A("C.EXAMPLE", Good, 90)];
        DnsReply reply = await AskAsync(query => [Response(query, chain)]);
        AssertGood(reply);
        Assert.Equal(TimeSpan.FromSeconds(40), reply.Ttl);
        AssertGood(await AskAsync(query => [Response(query, [.. chain.Reverse()])]));
    }

    [Fact]
    public async Task QueryAsync_AnswerThatEndsAtAnAlias_IsFollowed()
    {
        DnsReply reply = await AskAsync(query => [Response(query, NameOf(query) == Host ? [Alias(Host, "b.example", 7)] : [A("b.example", Good)])]);

        AssertGood(reply);
        Assert.Equal(TimeSpan.FromSeconds(7), reply.Ttl);
    }

    [Fact]
    public async Task QueryAsync_AliasLoop_Fails()
    {
        int asked = 0;
        Assert.Equal((DnsStatus.Failed, false), StateOf(await AskAsync(query => [Response(query, [Alias(Host, "b.example"), Alias("b.example", Host)])])));
        Assert.Equal((DnsStatus.Failed, false), StateOf(await AskAsync(query => [Response(query, [Alias(Host, Host)])])));
        Assert.Equal((DnsStatus.Failed, false),
            StateOf(await AskAsync(query => { asked++; return [Response(query, [Alias(NameOf(query), NameOf(query) == Host ? "b.example" : Host)])]; })));
        Assert.InRange(asked, 2, 20);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(0x80000000u, 0)]
    [InlineData(0xFFFFFFFFu, 0)]
    [InlineData(0x7FFFFFFFu, int.MaxValue)]
    public async Task QueryAsync_OddTtl_IsReadByRfc2181(uint ttl, int seconds)
    {
        DnsReply reply = await AskAsync(query => [Response(query, [A(Host, Good, ttl)])]);

        AssertGood(reply);
        Assert.Equal(TimeSpan.FromSeconds(seconds), reply.Ttl);
    }

    [Theory]
    [InlineData("FORMERR")]
    [InlineData("FORMERR without a question")]
    [InlineData("FORMERR of a header that counts its question")]
    [InlineData("NOTIMP of a header that counts all")]
    [InlineData("NOTIMP")]
    [InlineData("BADVERS")]
    public async Task QueryAsync_ServerWithoutEdns_IsAskedAgainWithoutIt(string refusal)
    {
        bool hadEdns = false;
        AssertGood(await AskAsync(query =>
        {
            hadEdns |= HasEdns(query);
            return [!HasEdns(query) ? Answer(query) : refusal switch
            {
                "FORMERR" => Response(query, [], 1),
                "FORMERR without a question" => [.. query[..2], 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0],
                "FORMERR of a header that counts its question" => [.. query[..2], 0x81, 0x81, 0, 1, 0, 0, 0, 0, 0, 0],
                "NOTIMP of a header that counts all" => [.. query[..2], 0x81, 0x84, .. query[4..12]],
                "NOTIMP" => Response(query, [], 4),
                _ => Response(query, [], additional: [Opt(1)]),
            }];
        }));
        Assert.True(hadEdns);
    }

    [Fact]
    public async Task QueryAsync_ServerThatRefusesEitherWay_IsAskedTwiceAtMost()
    {
        int asked = 0;
        Assert.Equal((DnsStatus.Failed, false), StateOf(await AskAsync(query => { asked++; return [Response(query, [], 1)]; })));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task QueryAsync_QuestionInOtherCase_IsTheSame()
    {
        AssertGood(await AskAsync(query => [Response(query, [A("A.Example", Good)], question: [.. Name("A.EXAMPLE"), .. Asked(query)[^4..]])]));
    }

    [Fact]
    public async Task QueryAsync_Truncated_GoesOverTcp()
    {
        AssertGood(await AskAsync((query, tcp) => [tcp ? LoopbackDns.Framed(Answer(query)) : Response(query, [A(Host, Forged)], flags: 0x8380)]));
        // truncated within the question: ignored
        AssertGood(await AskAsync((query, tcp) => [tcp ? LoopbackDns.Framed(Answer(query)) : Response(query, [], flags: 0x8380)[..^1]]), reached: false);
        AssertGood(await AskAsync((query, tcp) => [tcp ? LoopbackDns.Framed(Answer(query)) : [.. Response(query, [[]], flags: 0x8380), 0xC0]]));
    }

    public static TheoryData<string> OverTcp => ["other id first", "other question first", "length 0 first", "garbage first"];

    [Theory]
    [MemberData(nameof(OverTcp))]
    public async Task QueryAsync_OverTcp_HasTheSameChecks(string kind)
    {
        AssertGood(await AskAsync((query, tcp) => !tcp ? [Response(query, [], flags: 0x8380)] :
        [
            LoopbackDns.Framed(kind switch
            {
                "other id first" => Bad("other id", query),
                "other question first" => Bad("other question", query),
                "length 0 first" => [],
                _ => [1, 2, 3],
            }),
            LoopbackDns.Framed(Answer(query)),
        ]));
    }

    [Theory]
    [InlineData("hangs up")]
    [InlineData("half a length")]
    [InlineData("length too long")]
    [InlineData("length too short")]
    [InlineData("truncated again")]
    public async Task QueryAsync_OverTcp_Broken_IsAFailure(string kind)
    {
        DnsReply reply = await AskAsync((query, tcp) => !tcp ? [Response(query, [], flags: 0x8380)] : kind switch
        {
            "hangs up" => [],
            "half a length" => [[0]],
            "length too long" => [[0xFF, 0xFF, .. Answer(query)]],
            "length too short" => [[0, 20, .. Answer(query)]],
            _ => [LoopbackDns.Framed(Response(query, [A(Host, Forged)], flags: 0x8380))],
        }, timeout: TimeSpan.FromMinutes(2)); // longer than AskAsync waits: the failure does not take it
        Assert.Equal(DnsStatus.Failed, reply.Status);
        Assert.Empty(reply.Addresses);
    }

    [Fact]
    public async Task QueryAsync_ManyRecords_AreBounded()
    {
        byte[][] many = [.. Enumerable.Range(0, 2000).Select(i => A(Host, $"10.0.{i / 256}.{i % 256}"))];
        DnsReply reply = await AskAsync((query, tcp) => [tcp ? LoopbackDns.Framed(Response(query, many)) : Response(query, [], flags: 0x8380)]);

        Assert.Equal(DnsStatus.Found, reply.Status);
        Assert.InRange(reply.Addresses.Length, 1, 64);
    }

    [Fact]
    public async Task QueryAsync_NoReply_EndsInTime()
    {
        DnsReply reply = await AskAsync(_ => [], TimeSpan.FromMilliseconds(300));

        Assert.Equal((DnsStatus.Failed, true), StateOf(reply));
    }

    [Fact]
    public async Task QueryAsync_FloodOfNoise_EndsInTime()
    {
        var clock = Stopwatch.StartNew();
        DnsReply reply = await AskAsync(_ => Enumerable.Repeat(new byte[100], 100_000), TimeSpan.FromMilliseconds(500));

        Assert.Equal(DnsStatus.Failed, reply.Status);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("a..example")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("ä.example")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123.example")]
    public async Task QueryAsync_InvalidName_SendsNoQuestion(string name)
    {
        DnsReply reply = await new DnsExchange(TimeSpan.FromSeconds(5)).QueryAsync(new IPEndPoint(IPAddress.Loopback, 1), name, false, default);

        Assert.Equal(DnsStatus.NoSuchName, reply.Status);
    }

    [Fact]
    public async Task QueryAsync_Abort_EndsTheQuery()
    {
        await using var server = new LoopbackDns((_, _) => []);
        using var abort = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DnsExchange(TimeSpan.FromSeconds(60))
            .QueryAsync(server.EndPoint, Host, false, abort.Token));
    }

    private static byte[] Answer(byte[] query) => Response(query, [A(NameOf(query), Good)]);

    private static byte[] Bad(string kind, byte[] query)
    {
        byte[] asked = Asked(query);
        byte[] forged = Response(query, [A(Host, Forged)]);
        byte[] head = Response(query, [[]]); // declares one record, which a case appends
        byte[] tail = [0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 6, 6, 6, 6];
        byte end = (byte)head.Length;
        return kind switch
        {
            "other id" => [(byte)(forged[0] ^ 1), .. forged[1..]],
            "other question" => Response(query, [A("bank.example", Forged)], question: [.. Name("bank.example"), .. asked[^4..]]),
            "other type asked" => Response(query, [A(Host, Forged)], question: [.. asked[..^4], 0, 28, 0, 1]),
            "other class asked" => Response(query, [A(Host, Forged)], question: [.. asked[..^4], 0, 1, 0, 3]),
            "question" => Response(query, [A(Host, Forged)], flags: 0x0100),
            "update" => Response(query, [A(Host, Forged)], flags: 0xA980),
            "two questions" => [.. forged[..5], 2, .. forged[6..]],
            "no question" => [.. forged[..5], 0, .. forged[6..]],
            "no question, no name" => [.. query[..2], 0x81, 0x83, 0, 0, 0, 0, 0, 0, 0, 0],
            "records cut" => forged[..^2],
            "record longer than the message" => [.. forged[..^5], 200, .. forged[^4..]],
            "name that points at itself" => [.. head, 0xC0, end, .. tail],
            "name that points forward" => [.. head, 0xC0, (byte)(end + 4), .. tail],
            "pointers in a circle" => [.. head, 1, (byte)'x', 0xC0, end, .. tail],
            "label of reserved type" => [.. head, 0x80, 12, .. tail],
            "more records than there are" => [.. forged[..6], 0xFF, 0xFF, .. forged[8..]],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static void AssertGood(DnsReply reply, bool reached = true)
    {
        Assert.Equal(reached ? DnsStatus.Found : DnsStatus.Failed, reply.Status);
        Assert.Equal(reached ? [Good] : Array.Empty<string>(), reply.Addresses.Select(address => address.ToString()));
    }

    private static (DnsStatus Status, bool IsNoReply) StateOf(DnsReply reply) => (reply.Status, reply.IsNoReply);

    private static Task<DnsReply> AskAsync(Func<byte[], IEnumerable<byte[]>> answer, TimeSpan? timeout = null) =>
        AskAsync((query, _) => answer(query), timeout);

    private static async Task<DnsReply> AskAsync(Func<byte[], bool, IEnumerable<byte[]>> answer, TimeSpan? timeout = null)
    {
        await using var server = new LoopbackDns(answer);
        return await new DnsExchange(timeout ?? TimeSpan.FromSeconds(5)).QueryAsync(server.EndPoint, Host, false, default).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
