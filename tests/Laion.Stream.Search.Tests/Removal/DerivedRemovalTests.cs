using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Removal;
using LaionStream.Dataset.Vectors;
using LaionStream.Search.Merging;
using LaionStream.Search.Outputs;
using LaionStream.Search.Removal;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Tests.Removal;

/// <summary>What was made of an output loses the rows that the output loses, whatever its form, where it is known, and whenever the process ends.</summary>
public sealed class DerivedRemovalTests : IDisposable
{
    private const int Rows = 20;

    // Captions that break a reader of lines, digests, and final addresses.
    private const string Columns = QueriedOutput.Columns + """
        , md5({part} || ':' || i) AS md5, CASE WHEN i % 4 = 0 THEN 'https://cdn.example/{part}/' || i END AS final_url,
        CASE i % 3 WHEN 0 THEN 'a "quoted", long' || chr(10) || 'caption' WHEN 1 THEN '' ELSE NULL END AS note
        """;

    private readonly QueriedOutput _output = new();

    public DerivedRemovalTests()
    {
        _output.Add("en", Rows, Columns);
        _output.Add("en", Rows, Columns);
        _output.Add("multi", Rows, Columns);
        PicturedOutput.Complete(_output.Root);
    }

    public void Dispose() => _output.Dispose();

    public static TheoryData<string, string, string> Forms()
    {
        var forms = new TheoryData<string, string, string>();
        foreach (string file in new[] { "x.parquet", "x.csv", "x.jsonl", "a strange [name]*'s.parquet" })
        {
            foreach (string columns in new[] { "", "TEXT,note,URL", "note,hash", "SAMPLE_ID,md5,note" })
            {
                foreach (string by in new[] { "hash", "url", "md5", "domain", "final", "digests" }) { forms.Add(file, columns, by); }
            }
        }

        foreach (string by in new[] { "url", "domain", "digests" }) { forms.Add("x.txt", "URL", by); }
        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_SubsetOfAnyForm_LosesTheRowsAndItsManifestStaysTrue(string file, string columns, string by)
    {
        string path = Make(file, columns);
        List<string> before = Read(path);
        long[] gone = by switch
        {
            "domain" => Ids("URL LIKE '%host3.%'"),
            "final" => Ids("final_url = 'https://cdn.example/1/8'"),
            _ => Ids("WIDTH IN (256, 261, 275)")
        };
        (RemovalList list, RemovedSet removed) = Lists(gone, by);

        DerivedReport report = Assert.Single(Run(list, removed));

        // A file without hash and address keeps rows of which neither the list nor the digests know anything else.
        Assert.Equal((path, DerivedState.Done, null), (report.Path, report.State, report.Reason));
        Assert.Equal(gone.Length, report.Rows);
        List<string> expected = [.. before.Where((_, row) => !gone.Contains(IdAt(row)))];
        Assert.Equal(expected, Read(path));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(path + ".subset.json"));
        Assert.Equal(expected.Count, manifest.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(60, manifest.RootElement.GetProperty("of").GetInt64());
        Assert.Equal((new FileInfo(path).Length, Digest(path)),
            (manifest.RootElement.GetProperty("file").GetProperty("bytes").GetInt64(), manifest.RootElement.GetProperty("file").GetProperty("sha256")
            .GetString()));
        JsonElement removal = Assert.Single(manifest.RootElement.GetProperty("removals").EnumerateArray());
        Assert.Equal((list.By, gone.Length), (removal.GetProperty("by").GetString(), removal.GetProperty("rows").GetInt64()));

        string[] state = State();
        Assert.Equal(0, Assert.Single(Run(list, removed)).Rows);
        Assert.Equal(state, State());
        Assert.Empty(Temps());
    }

    [Theory]
    [InlineData(SubsetFormat.Shards)]
    [InlineData(SubsetFormat.Embeddings)]
    public void Run_FolderOfTarsOrVectors_LosesTheRowsInEveryFile(SubsetFormat format)
    {
        string path = _output.Beside("folder");
        SubsetWriter.Write(new SubsetRequest { Inputs = [_output.Root], Output = path, Format = format, Where = "WIDTH < 272" }, null, CancellationToken.None);
        long[] gone = [.. Ids("WIDTH IN (256, 261, 271)"), .. Ids("URL LIKE '%/2/%'")]; // of the third part everything
        (RemovalList list, RemovedSet removed) = Lists(gone, "digests");

        Assert.Equal(3 + 3 + 16, Assert.Single(Run(list, removed)).Rows);

        AssertWhole(path, [.. Ids("WIDTH < 272").Except(gone)]);
        Assert.Equal(2, OutputFolder.Parts(path).Count());
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(path + ".subset.json"));
        Assert.Equal(26, manifest.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(22, manifest.RootElement.GetProperty("removals").EnumerateArray().Sum(removal => removal.GetProperty("rows").GetInt64()));
        string[] state = State();
        Assert.Equal(0, Assert.Single(Run(list, removed)).Rows);
        Assert.Equal(state, State());

        Assert.Equal(26, Assert.Single(Run(Lists(Ids("true"), "digests"))).Rows);
        AssertWhole(path, []);
        Assert.Empty(OutputFolder.Parts(path));
    }

    [Fact]
    public void Run_MergedOutput_LosesTheRows()
    {
        using var second = new QueriedOutput("second");
        second.Add("en", Rows, Columns.Replace("{part}", "7", StringComparison.Ordinal));
        string path = _output.Beside("merged");
        MergeWriter.Write(new MergeRequest { Inputs = [_output.Root, second.Root], Output = path }, null, CancellationToken.None);
        long[] gone = Ids("WIDTH IN (256, 261)");

        DerivedReport report = Assert.Single(Run(Lists(gone, "digests")));

        Assert.Equal((path, 6L), (report.Path, report.Rows));
        AssertWhole(path, [.. Ids("true").Except(gone), .. Enumerable.Range(0, Rows).Select(i => (7L << 32) + i)]);
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "merge.json")));
        Assert.Equal(74, manifest.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal([path], new DerivedRemoval(new RemovalList(), new RemovedSet(), TimeProvider.System)
            .Run([second.Root], [], isTrial: true, CancellationToken.None).Select(one => one.Path));
    }

    [Fact]
    public void Run_SubsetsOfSubsets_AreFollowed()
    {
        string first = Make("first.parquet", "");
        string second = Make("second.csv", "", first);
        string folder = _output.Beside("folder");
        SubsetWriter.Write(new SubsetRequest { Inputs = [_output.Root], Output = folder, Format = SubsetFormat.Shards }, null, CancellationToken.None);
        string third = Make("third.txt", "", folder);
        string part = Make("part.jsonl", "", Path.Combine(_output.Root, "en", "part-00000.parquet"));
        string set = Make("set.jsonl", "", Path.Combine(_output.Root, "en"));
        File.Delete(first); // what was made of it is found all the same

        IReadOnlyList<DerivedReport> reports = Run(Lists(Ids("WIDTH = 256"), "digests"));

        Assert.Equal([(first, DerivedState.Away, 0L), (folder, DerivedState.Done, 3), (part, DerivedState.Done, 1), (second, DerivedState.Done, 3),
            (set, DerivedState.Done, 2), (third, DerivedState.Done, 3)],
            reports.Select(report => (report.Path, report.State, report.Rows)).OrderBy(report => report.Path, StringComparer.Ordinal));
    }

    [Fact]
    public void Run_MovedTogetherWithTheOutput_IsFoundThere()
    {
        Make("x.csv", "");
        string before = Path.GetDirectoryName(_output.Root)!;
        string after = before + "-moved";
        Directory.Move(before, after);
        try
        {
            DerivedReport report =
                Assert.Single(new DerivedRemoval(new RemovalList(), new RemovedSet(), TimeProvider.System)
                .Run([Path.Combine(after, "out") + "/"], [], isTrial: false, CancellationToken.None));

            Assert.Equal((Path.Combine(after, "x.csv"), DerivedState.Done), (report.Path, report.State));
        }
        finally
        {
            Directory.Move(after, before);
        }
    }

    [Fact]
    public void Run_SomeGoneOrStrange_AreReportedAndTheOthersGoOn()
    {
        File.Delete(Make("gone.csv", ""));
        string blind = Make("blind.csv", "TEXT,WIDTH");
        string broken = Make("broken.parquet", "");
        File.WriteAllText(broken, "PAR1 this is no Parquet");
        string used = Make("used.jsonl", "");
        string good = Make("good.parquet", "");
        string run = Make("run.csv", "");
        File.Delete(run);
        Directory.CreateDirectory(Path.Combine(run, "state"));
        File.WriteAllText(Path.Combine(run, "state", "run.json"), "{}");

        using FileStream user =
            new(Path.Combine(Path.GetDirectoryName(used)!, ".used.jsonl.laion-tmp.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Dictionary<string, DerivedReport> reports = Run(Lists(Ids("WIDTH = 256"), "digests")).ToDictionary(report => Path.GetFileName(report.Path));

        Assert.Equal((DerivedState.Away, 0L), (reports["gone.csv"].State, reports["gone.csv"].Rows));
        Assert.Contains("none of the columns hash, URL, md5 and sha256", reports["blind.csv"].Reason, StringComparison.Ordinal);
        Assert.Equal(DerivedState.Failed, reports["broken.parquet"].State);
        Assert.Equal((DerivedState.Failed, "another process removes rows from it"), (reports["used.jsonl"].State, reports["used.jsonl"].Reason));
        user.Dispose();
        File.Delete(user.Name);
        Assert.Contains("output of a run", reports["run.csv"].Reason, StringComparison.Ordinal);
        Assert.Equal((DerivedState.Done, 3L), (reports["good.parquet"].State, reports["good.parquet"].Rows));
        Assert.Equal(["TEXT,WIDTH"], File.ReadLines(blind).Take(1));
        Assert.Empty(Temps());
        Assert.NotEmpty(Read(good));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void Run_FolderThatCannotBeListed_IsReportedAndTheOthersGoOn()
    {
        Skip.If(Environment.IsPrivilegedProcess, "No folder is closed to this user.");
        string closed = _output.Beside("a-folder");
        SubsetWriter.Write(new SubsetRequest { Inputs = [_output.Root], Output = closed, Format = SubsetFormat.Shards }, null, CancellationToken.None);
        string good = Make("x.csv", "");
        File.SetUnixFileMode(closed, UnixFileMode.None);
        try
        {
            DerivedReport[] reports = [.. Run(Lists(Ids("WIDTH = 256"), "digests"))];

            Assert.Equal([(closed, DerivedState.Failed, 0L), (good, DerivedState.Done, 3)], reports.Select(report => (report.Path, report.State, report.Rows)));
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_LinkToAFile_RemovesFromTheFileAndKeepsTheLink(bool isNoteBesideLink)
    {
        string path = Make("x.parquet", "");
        string next = Make("next.csv", "", path);
        string store = Path.Combine(Path.GetDirectoryName(path)!, "store");
        Directory.CreateDirectory(store);
        string real = Path.Combine(store, "2026");
        File.Move(path, real);
        if (!isNoteBesideLink) { File.Move(path + ".subset.json", real + ".subset.json"); }
        File.Move(path + ".derived.jsonl", real + ".derived.jsonl");
        File.CreateSymbolicLink(path, Path.Combine("store", "2026"));

        Dictionary<string, DerivedReport> reports = Run(Lists(Ids("WIDTH = 256"), "digests")).ToDictionary(report => report.Path);

        Assert.Equal((DerivedState.Done, 3L), (reports[path].State, reports[path].Rows));
        Assert.Equal(Path.Combine("store", "2026"), new FileInfo(path).LinkTarget);
        Assert.Equal([[57L]], QueriedOutput.Query($"SELECT count(*) FROM read_parquet('{real}')"));
        using JsonDocument note = JsonDocument.Parse(File.ReadAllBytes((isNoteBesideLink ? path : real) + ".subset.json"));
        Assert.Equal(57, note.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal((DerivedState.Done, 3L), (reports[next].State, reports[next].Rows));
        Assert.Empty(Temps());
    }

    [Theory]
    [InlineData("WIDTH = 256")]
    [InlineData("true")] // of a part that loses all rows the files are deleted, and that of the link would stay
    public void Run_FolderWithALinkedFile_IsReportedAndKeepsItsRows(string which)
    {
        string folder = _output.Beside("folder");
        SubsetWriter.Write(new SubsetRequest { Inputs = [_output.Root], Output = folder, Format = SubsetFormat.Shards }, null, CancellationToken.None);
        string tar = Directory.EnumerateFiles(folder, "*.tar", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Move(tar, _output.Beside("elsewhere"));
        File.CreateSymbolicLink(tar, _output.Beside("elsewhere"));

        DerivedReport report = Assert.Single(Run(Lists(Ids(which), "digests")));

        Assert.Equal(DerivedState.Failed, report.State);
        Assert.Contains("symbolic link", report.Reason, StringComparison.Ordinal);
        Assert.Equal(_output.Beside("elsewhere"), new FileInfo(tar).LinkTarget);
    }

    [Fact]
    public void Run_FolderOfSeveralInputs_NamesTheFolderOfEach()
    {
        using var second = new QueriedOutput("second");
        second.Add("en", Rows, Columns.Replace("{part}", "7", StringComparison.Ordinal));
        PicturedOutput.Complete(second.Root);
        string path = _output.Beside("both");
        SubsetWriter.Write(
            new SubsetRequest { Inputs = [_output.Root, second.Root], Output = path, Format = SubsetFormat.Embeddings }, null, CancellationToken.None);

        DerivedReport report = Assert.Single(Run(Lists(Ids("WIDTH = 256"), "digests")));

        Assert.Equal([Path.Combine(path, "0"), Path.Combine(path, "1")], report.Roots);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# addresses without a row: 1\n")]
    public void Run_RowsThatAnEarlierVersionRemoved_GoByTheirAddress(string head)
    {
        string path = Make("x.csv", "");
        string state = Path.Combine(_output.Root, "state");
        object?[][] rows = [.. QueriedOutput.Query($"SELECT URL, hash FROM '{_output.Root}/en/part-00000.parquet' ORDER BY SAMPLE_ID LIMIT 2")];
        File.WriteAllLines(
            Path.Combine(state, RemovedDigests.UrlsName), (head.Length > 0 ? rows : rows[..1]).Select(row => RemovedDigests.OfUrl((string)row[0]!)));
        if (head.Length > 0) { File.WriteAllText(Path.Combine(state, RemovedDigests.RowsName), head + RemovedDigests.OfRow(4711) + "\n"); }
        var read = new RemovedSet();
        read.Read(state);
        var removed = new RemovedSet();
        removed.UnionWith(read);
        List<string> before = Read(path);

        Assert.Equal(1, Assert.Single(Run(new RemovalList(), removed)).Rows);

        Assert.Equal(before[1..], Read(path));
    }

    [Fact]
    public void Run_NamedFilesOfOthers_LoseTheRowsToo()
    {
        string moved = _output.Beside("moved.csv");
        File.Move(Make("x.csv", ""), moved);
        string foreign = _output.Beside("foreign.parquet");
        QueriedOutput.Query(
            $"COPY (SELECT *, [1, 2] AS list, {{'a': 1}} AS struct, 7::UTINYINT AS tiny FROM '{_output.Root}/en/part-00000.parquet') TO '{foreign}' (FORMAT parquet)");
        string strange = _output.Beside("x.bin");
        File.WriteAllText(strange, "?");
        (RemovalList list, RemovedSet removed) = Lists(Ids("WIDTH IN (256, 257)"), "hash");

        DerivedReport[] reports =
            [.. new DerivedRemoval(list, removed, TimeProvider.System).Run([], [moved, foreign, strange, moved], isTrial: false, CancellationToken.None)];

        Assert.Equal([(DerivedState.Done, 6L), (DerivedState.Done, 2), (DerivedState.Failed, 0)], reports.Select(report => (report.State, report.Rows)));
        Assert.Equal([[18L, 18L]], QueriedOutput.Query($"SELECT count(*), count(list) FROM '{foreign}'"));
    }

    [Fact]
    public void Run_Trial_CountsAndChangesNothing()
    {
        Make("x.csv", "");
        Make("x.parquet", "");
        SubsetWriter.Write(new SubsetRequest { Inputs = [_output.Root], Output = _output.Beside("folder"), Format = SubsetFormat.Shards }, null,
            CancellationToken.None);
        (RemovalList list, RemovedSet removed) = Lists(Ids("WIDTH = 256"), "digests");
        string[] state = State();

        Assert.Equal([3, 3, 3], new DerivedRemoval(list, removed, TimeProvider.System).Run([_output.Root], [], isTrial: true, CancellationToken.None)
            .Select(report => report.Rows));

        Assert.Equal(state, State());
    }

    [Theory]
    [InlineData("x.parquet")]
    [InlineData("x.csv")]
    [InlineData("shards")]
    [InlineData("vectors")]
    [InlineData("merged")]
    public void Run_DiesAtEveryStep_TheNextEndsIt(string what)
    {
        (RemovalList list, RemovedSet removed) = Lists([.. Ids("WIDTH IN (256, 261)"), .. Ids("URL LIKE '%/2/%'")], "digests");
        int steps = 0;
        Again(_ => { });
        new DerivedRemoval(list, removed, TimeProvider.System) { Step = _ => steps++ }.Run([_output.Root], [], isTrial: false, CancellationToken.None);
        Assert.True(steps >= (what.Contains('.', StringComparison.Ordinal) ? 4 : 10), $"{steps} steps");
        for (int die = 1; die <= steps; die++)
        {
            int at = die;
            Again(path =>
            {
                int step = 0;
                Assert.Throws<DeathException>(() =>
                    new DerivedRemoval(list, removed, TimeProvider.System) { Step = _ => { if (++step == at) { throw new DeathException(); } } }
                    .Run([_output.Root], [], isTrial: false, CancellationToken.None));

                DerivedReport report = Assert.Single(Run(list, removed));

                Assert.Equal((DerivedState.Done, null), (report.State, report.Reason));
                if (Directory.Exists(path)) { AssertWhole(path, [.. Ids("WIDTH NOT IN (256, 261) AND URL NOT LIKE '%/2/%'")]); }
                else { Assert.Equal(36, Read(path).Count); }
                using JsonDocument manifest =
                    JsonDocument.Parse(File.ReadAllBytes(what == "merged" ? Path.Combine(path, "merge.json") : path + ".subset.json"));
                Assert.Equal(36, manifest.RootElement.GetProperty("rows").GetInt64());
                if (!Directory.Exists(path)) { Assert.Equal(Digest(path), manifest.RootElement.GetProperty("file").GetProperty("sha256").GetString()); }
                Assert.Empty(Temps());
                Assert.Equal(0, Assert.Single(Run(list, removed)).Rows);
            });
        }

        void Again(Action<string> use)
        {
            string path = _output.Beside(what);
            if (Directory.Exists(path)) { Directory.Delete(path, recursive: true); }
            File.Delete(path);
            if (what == "merged") { MergeWriter.Write(new MergeRequest { Inputs = [_output.Root], Output = path }, null, CancellationToken.None); }
            else if (what.Contains('.', StringComparison.Ordinal)) { Make(what, ""); }
            else
            {
                SubsetWriter.Write(new SubsetRequest
                {
                    Inputs = [_output.Root],
                    Output = path,
                    Format = what == "shards"
                    ? SubsetFormat.Shards
                    : SubsetFormat.Embeddings
                }, null, CancellationToken.None);
            }

            use(path);
        }
    }

    [Fact]
    public void Write_MadeTwice_IsNotedOnce()
    {
        Make("x.csv", "");
        Make("x.csv", "URL,WIDTH");

        Assert.Equal([_output.Beside("x.csv")], DerivedRegister.Of(_output.Root));
    }

    [Fact]
    public void Write_ListWithATornLine_GoesOnBehindIt()
    {
        string list = Path.Combine(_output.Root, "state", "derived.jsonl");
        File.WriteAllText(list, "{\"at\":\"2026-01-01T00:00:00+00:00\",\"pa");

        Make("x.csv", "");

        Assert.Equal([_output.Beside("x.csv")], DerivedRegister.Of(_output.Root));
    }

    [Fact]
    public void Write_ListThatCannotBeWritten_IsSaid()
    {
        Directory.CreateDirectory(Path.Combine(_output.Root, "state", "derived.jsonl")); // a folder of that name: also root cannot write it

        SubsetResult result =
            SubsetWriter.Write(new SubsetRequest { Inputs = [_output.Root], Output = _output.Beside("x.csv"), Format = SubsetFormat.Csv }, null,
            CancellationToken.None);

        Assert.Equal(60, result.Rows);
        Assert.Contains("derived.jsonl", Assert.Single(result.Unregistered), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RowsRemovedMeanwhile_IsRefusedAndNothingIsLeft()
    {
        IReadOnlyList<RowsInput> inputs = RowsInputs.Open([_output.Root], isShipped: false);
        string manifest = Path.Combine(_output.Root, "state", "manifest.jsonl");
        ManifestEntry last = ManifestReader.Read(manifest).Last();
        ManifestEntry without =
            last with { Commit = 9, Rows = 0, Files = [], Replaces = last.Commit, Removal = new ManifestRemoval("x", Rows, new Dictionary<int, string>(), []) };
        File.AppendAllText(manifest, Encoding.UTF8.GetString(without.ToLine()) + "\n");

        Assert.Contains("removed", Assert.Throws<RequestException>(() => RowsInputs.CheckCurrent(inputs)).Message, StringComparison.Ordinal);
        RowsInputs.CheckCurrent(RowsInputs.Open([_output.Root], isShipped: false));
    }

    private string Make(string file, string columns, string? input = null)
    {
        string path = _output.Beside(file);
        SubsetWriter.Write(
            new SubsetRequest
            {
                Inputs = [input ?? _output.Root],
                Output = path,
                Overwrite = true,
                Format = Path.GetExtension(file) switch
                {
                    ".csv" => SubsetFormat.Csv,
                    ".jsonl" => SubsetFormat.Jsonl,
                    ".txt" => SubsetFormat.Urls,
                    _ => SubsetFormat.Parquet
                },
                Columns = columns.Split(',', StringSplitOptions.RemoveEmptyEntries),
            },
            null,
            CancellationToken.None);
        return path;
    }

    private IReadOnlyList<DerivedReport> Run((RemovalList List, RemovedSet Removed) what) => Run(what.List, what.Removed);

    private IReadOnlyList<DerivedReport> Run(RemovalList list, RemovedSet removed) =>
        new DerivedRemoval(list, removed, TimeProvider.System).Run([_output.Root], [], isTrial: false, CancellationToken.None);

    private long[] Ids(string where) =>
        [.. QueriedOutput.Query($"SELECT SAMPLE_ID FROM '{_output.Root}/*/part-*.parquet' WHERE {where} ORDER BY SAMPLE_ID").Select(row => (long)row[0]!)];

    private static long IdAt(int row) => ((long)(row / Rows) << 32) + (row % Rows);

    /// <summary>Lists that name rows, and the digests that their removal from the output leaves.</summary>
    private (RemovalList List, RemovedSet Removed) Lists(long[] ids, string by)
    {
        var removed = new RemovedSet();
        var entries = new List<string>();
        string wanted = string.Join(',', ids.Append(-1).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        foreach (object?[] row in QueriedOutput.Query($"SELECT hash, URL, md5, final_url FROM '{_output.Root}/*/part-*.parquet' WHERE SAMPLE_ID IN ({wanted})"))
        {
            removed.AddRow(RemovedDigests.OfRow((long)row[0]!));
            removed.AddUrl(RemovedDigests.OfUrl((string)row[1]!));
            removed.AddPicture((string)row[2]!);
            entries.Add(by switch
            {
                "hash" => ((long)row[0]!).ToString(CultureInfo.InvariantCulture),
                "url" => (string)row[1]!,
                "md5" => ((string)row[2]!)
                .ToUpperInvariant(),
                "final" => (string)row[3]!,
                _ => ""
            });
        }

        var list = new RemovalList();
        if (by == "domain") { list.Add("domain", "list.txt", "HOST3.example\n"u8); }
        else if (by != "digests") { list.Add(by == "final" ? "url" : by, "list.txt", Encoding.UTF8.GetBytes(string.Join('\n', entries))); }
        return (list, removed);
    }

    /// <summary>The rows of a file, each as text.</summary>
    private static List<string> Read(string path)
    {
        string source = path.Replace("'", "''", StringComparison.Ordinal).Replace("[", "[[]", StringComparison.Ordinal)
            .Replace("*", "[*]", StringComparison.Ordinal);
        string from = Path.GetExtension(path) switch
        {
            ".csv" => $"read_csv('{source}', all_varchar = true, header = true, quote = '\"', delim = ',', allow_quoted_nulls = false)",
            ".jsonl" => $"read_json('{source}', format = 'newline_delimited')",
            ".txt" => $"read_csv('{source}', all_varchar = true, header = false, quote = '', delim = chr(1))",
            _ => $"read_parquet('{source}')",
        };
        return [.. QueriedOutput.Query($"SELECT * FROM {from}")
            .Select(row => string.Join('|', row.Select(value => value is null ? "NULL" : Convert.ToString(value, CultureInfo.InvariantCulture))))];
    }

    /// <summary>Every file of a folder is what its manifest says, in the same rows.</summary>
    private static void AssertWhole(string folder, long[] ids)
    {
        var found = new List<long>();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (OutputPart part in OutputFolder.Parts(folder))
        {
            long[] rows = [.. QueriedOutput.Query($"SELECT SAMPLE_ID FROM '{part.PathOf(FileRole.Rows)}'").Select(row => (long)row[0]!)];
            Assert.Equal(part.Entry.Rows, rows.Length);
            found.AddRange(rows);
            foreach (ManifestFile file in part.Entry.Files)
            {
                string path = Path.Combine(folder, file.Path);
                listed.Add(path);
                Assert.Equal((file.Bytes, file.Sha256), (new FileInfo(path).Length, Digest(path)));
            }

            if (part.PathOf(FileRole.ImageMetadata) is { } metadata)
            {
                Assert.Equal(rows, QueriedOutput.Query($"SELECT SAMPLE_ID FROM '{metadata}'").Select(row => (long)row[0]!));
            }
            if (part.PathOf(FileRole.ImageEmbeddings) is { } vectors)
            {
                byte[] bytes = File.ReadAllBytes(vectors);
                Assert.Equal((rows.Length, 2), NpyHeader.Parse(bytes));
                Assert.Equal(rows.SelectMany(id => Enumerable.Repeat((byte)id, 4)), bytes[NpyHeader.Bytes..]);
            }

            if (part.PathOf(FileRole.Images) is { } tar)
            {
                using FileStream file = File.OpenRead(tar);
                using var reader = new System.Formats.Tar.TarReader(file);
                var names = new List<string>();
                while (reader.GetNextEntry() is { } entry) { names.Add(entry.Name); }
                Assert.Equal(rows.SelectMany(id => (string[])[$"{(int)id:D4}.jpg", $"{(int)id:D4}.txt", $"{(int)id:D4}.json"]), names);
            }
        }

        Assert.Equal(ids.Order(), found.Order());
        string[] known = ["manifest.jsonl", "merge.json", "sizes.json", "derived.jsonl", "lock"];
        Assert.DoesNotContain(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), path => !listed.Contains(path) && !known.Contains(Path.GetFileName(path)));
        foreach (string sizes in Directory.EnumerateFiles(folder, "sizes.json", SearchOption.AllDirectories))
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(sizes));
            Assert.Equal(OutputFolder.Parts(folder).Where(part => Path.GetDirectoryName(part.PathOf(FileRole.Images)) == Path.GetDirectoryName(sizes))
                .Sum(part => part.Entry.Rows),
                json.RootElement.EnumerateObject().Sum(tar => tar.Value.GetInt64()));
        }
    }

    private string[] State() =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(_output.Root)!, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => path + Digest(path))];

    private string[] Temps() => [.. Directory.EnumerateFiles(Path.GetDirectoryName(_output.Root)!, ".*", SearchOption.AllDirectories)];

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private sealed class DeathException : Exception;
}
