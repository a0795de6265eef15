using System.Runtime.CompilerServices;

namespace LaionStream.Host.Tests.Architecture;

/// <summary>
/// Which modules may use which. Every project is listed with the projects it references, every folder of a project in an order in which each uses only those
/// before it (<c>docs/architecture.md</c>). Anything that is not listed fails.
/// </summary>
public sealed class ModulesTests
{
    private static readonly Dictionary<string, string[]> ProjectEdges = new(StringComparer.Ordinal)
    {
        ["Laion.Stream.Dataset"] = [],
        ["Laion.Stream.Text"] = [],
        ["Laion.Stream.Models"] = ["Laion.Stream.Dataset", "Laion.Stream.Text"],
        ["Laion.Stream.Engine"] = ["Laion.Stream.Dataset", "Laion.Stream.Models", "Laion.Stream.Text"],
        ["Laion.Stream.Report"] = ["Laion.Stream.Dataset"],
        ["Laion.Stream.Search"] = ["Laion.Stream.Dataset", "Laion.Stream.Models"],
        ["Laion.Stream.Explorer"] = ["Laion.Stream.Dataset", "Laion.Stream.Models", "Laion.Stream.Search"],
        ["Laion.Stream.Demo"] = [],
        ["Laion.Stream.Host"] =
        [
            "Laion.Stream.Dataset", "Laion.Stream.Demo", "Laion.Stream.Engine", "Laion.Stream.Explorer", "Laion.Stream.Models", "Laion.Stream.Report", "Laion.Stream.Search",
            "Laion.Stream.Text",
        ],
    };

    // From the lowest to the highest; "" is the project's own folder.
    private static readonly Dictionary<string, string[]> Modules = new(StringComparer.Ordinal)
    {
        ["Laion.Stream.Dataset"] = ["Disk", "Rows", "Manifest", "Summary", "History", "Vectors", "Parquet", "Cutting", "Removal"],
        ["Laion.Stream.Text"] = ["Unicode", "Idna", "Urls", "StructuredFields", "Captions.Tables", "Html", "Captions", "Charsets", "Languages"],
        ["Laion.Stream.Models"] =
        [
            "Pictures.Colour", "Pictures.Pixels", "Pictures.Headers", "Pictures.Metadata", "Pictures.Jpeg", "Pictures.JpegEncoding", "Pictures.Png", "Pictures.Resampling", "Pictures", "Pictures.Storing", "Onnx.Editing", "Onnx", "Tokenizers", "Heads.Weights", "Towers",
            "Heads", "Catalog", "Catalog.Pull", "ModelSets",
        ],
        ["Laion.Stream.Engine"] =
        [
            "Handles", "Codings", "Digests", "Flow", "Ledger.Format", "Ledger.Claims", "Ledger.State", "Ledger.Verify", "OptOuts", "Candidates", "Inputs.Opening", "Inputs.Queue", "Inputs.Inflating", "Inputs.Records", "Inputs.Pages",
            "Inputs.Wat", "Inputs.Warc", "Inputs.Lists", "Inputs.Pictures", "Inputs.Tars", "Inputs", "Language", "Download.Settings", "Download.Dns", "Download.Hosts", "Download.BlockLists", "Download.Connections", "Download.Network",
            "Download.Fetching", "Download.Policies", "Download", "Decoding", "Decoding.Isolation", "Scoring", "Filtering", "Output", "Removal", "Run", "",
        ],
        ["Laion.Stream.Report"] = ["Reading", "Charts", "Page", ""],
        ["Laion.Stream.Search"] = ["Sql", "Outputs", "Native", "Vectors", "Rows", "Index", "Mapping", "Subsets", "Merging", "Removal", ""],
        ["Laion.Stream.Explorer"] = ["Settings", "Http", "Data", "Queries", "Maps", "Pictures", "Exports", "Reports", "Clip", "Api", ""],
        ["Laion.Stream.Demo"] = [""],
        ["Laion.Stream.Host"] = ["Configuration", "Live", "Telemetry", "Hosting", "Verbs.Serving", "Verbs", "Verbs.Explain", "Verbs.Doctor", ""],
    };

    public static TheoryData<string> Projects => [.. ProjectEdges.Keys];

    [Fact]
    public void Projects_InTheSourceFolder_AreAllListed() =>
        Assert.Equal(ProjectEdges.Keys.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Source()).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Refers_OnlyToThoseListed(string project) =>
        Assert.Subset(ProjectEdges[project].ToHashSet(), AssemblyUses.References(PathOf(project)).ToHashSet());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_AreAllModules(string project)
    {
        string folder = Path.Combine(Source(), project);
        IEnumerable<string> found = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace('/', '.'))
            .Where(name => name is not "obj" and not "bin" && !name.StartsWith("obj.", StringComparison.Ordinal)
                && !name.StartsWith("bin.", StringComparison.Ordinal))
            .Select(name => name == "." ? "" : name);

        Assert.Subset(Modules[project].ToHashSet(), found.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Module_Uses_OnlyModulesBeforeIt(string project)
    {
        string root = project.Replace("Laion.Stream", "LaionStream", StringComparison.Ordinal);
        string[] order = Modules[project];
        string[] upward =
        [
            .. (from use in AssemblyUses.Read(PathOf(project))
            where IsOf(use.From, root) && IsOf(use.To, root)
            where Array.IndexOf(order, Module(use.To, root)) is var used && (used < 0 || used > Array.IndexOf(order, Module(use.From, root)))
            select $"{Module(use.From, root)} ({use.Where}) uses {Module(use.To, root)}").Distinct().Order(StringComparer.Ordinal),
        ];

        Assert.True(upward.Length == 0, string.Join(Environment.NewLine, upward));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_FollowTheFolders(string project)
    {
        string root = project.Replace("Laion.Stream", "LaionStream", StringComparison.Ordinal);

        Assert.All(AssemblyUses.Declared(PathOf(project)), name => Assert.True(IsOf(name, root) && Modules[project].Contains(Module(name, root)), name));
    }

    private static bool IsOf(string name, string root) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private static string Module(string name, string root) => name.Length == root.Length ? "" : name[(root.Length + 1)..];

    private static string PathOf(string project) =>
        Path.Combine(AppContext.BaseDirectory, (project == "Laion.Stream.Host" ? "laion-stream" : project) + ".dll");

    private static string Source([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src"));
}
