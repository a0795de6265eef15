extern alias perf;

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Telemetry;
using LaionStream.TestWorld;
using perf::LaionStream.Soak.Start;

namespace LaionStream.Host.Tests.Perf;

/// <summary>The profile with which the program's images get the generic code of its start, made of what the JIT compiler lists.</summary>
public sealed class StartProfileTests
{
    private const string List = "System.Collections.Generic.List`1[LaionStream.Engine.Flow.FingerprintEntry]";
    private static readonly KnownTypes Types = new([typeof(object).Assembly, typeof(Engine.Run.DatasetRun).Assembly, typeof(Enumerable).Assembly]);

    [Theory]
    [InlineData("   1: JIT compiled System.HashCode:Add[int](int) [Tier0, IL size=56, code size=95]", "System.HashCode", "Add", 1, 1)]
    [InlineData("  12: JIT compiled A`2+B`1[int,System.__Canon,C[]]:.ctor() [Tier0, IL size=8, code size=39]", "A`2+B`1", ".ctor", 0, 0)]
    [InlineData(" 3: JIT compiled A:<OnTry>g__Read|1_0[D`1[B`2[int,E]],int](byref,D`1[F],ptr) [Tier-0 switched to FullOpts, IL size=1, code size=2]",
        "A", "<OnTry>g__Read|1_0", 2, 3)]
    [InlineData("9: JIT compiled A`1[int]:System.Collections.Generic.IEnumerable<T>.GetEnumerator() [Instrumented Tier0, IL size=7, code size=31]",
        "A`1", "System.Collections.Generic.IEnumerable<T>.GetEnumerator", 0, 0)]
    public void TryParse_GenericMethod_GivesItsParts(string text, string owner, string name, int arguments, int parameters)
    {
        JitLine line = Assert.IsType<JitLine>(JitLine.TryParse(text));

        Assert.Equal((owner, name, arguments, parameters), (line.Owner.Name, line.Name, line.Arguments.Count, line.Parameters));
    }

    [Fact]
    public void TryParse_NestedArguments_KeepTheirShape()
    {
        var type = JitLine.TryParse("1: JIT compiled A`2+B`1[int,C`1[D[]][],E]:F() [Tier0, IL size=1, code size=2]")!.Owner;

        Assert.Equal(["int", "C`1", "E"], type.Arguments.Select(argument => argument.Name));
        Assert.Equal([0, 1, 0], type.Arguments.Select(argument => argument.Ranks));
        Assert.Equal(("D", 1), (type.Arguments[1].Arguments[0].Name, type.Arguments[1].Arguments[0].Ranks));
    }

    [Theory]
    [InlineData("  1: JIT compiled System.Threading.Thread:GetThreadStaticsBase() [Tier0, IL size=18, code size=24]")] // in the image of its own assembly
    [InlineData("  1: JIT compiled System.HashCode:Add[int](int) [Tier1, IL size=56, code size=95]")] // was compiled before
    [InlineData("  1: JIT compiled System.HashCode:Add[int](int) [Tier1 with Static PGO, IL size=56, code size=95]")]
    [InlineData("  1: JIT compiled (dynamicClass):IL_STUB_PInvoke(System.String) [FullOpts, IL size=115, code size=423]")]
    [InlineData("  1: JIT compiled A:B(System.Span`1[int]) [Tier0, IL size=1, code size=2]")] // generic in its parameters only
    [InlineData("")]
    [InlineData("Methods compiled: 3")]
    [InlineData("  1: JIT compiled A:B[int] [Tier0, IL size=1, code size=2]")]
    public void TryParse_WhatNoImageNeedsToHold_IsNull(string text) => Assert.Null(JitLine.TryParse(text));

    [Fact]
    public void Write_SomeLines_RefersToWhatExists()
    {
        using var folder = new TempFolder();
        string[] lines =
        [
            Line($"{List}:Add(LaionStream.Engine.Flow.FingerprintEntry)"),
            Line($"{List}:Add(LaionStream.Engine.Flow.FingerprintEntry)"), // again, as of a second run
            Line("System.Linq.Enumerable:ToArray[System.__Canon](System.Collections.Generic.IEnumerable`1[System.__Canon])"),
            Line("System.Collections.Generic.Dictionary`2[System.__Canon,int]:TryGetValue(System.__Canon,byref)"),
            Line("System.Collections.Generic.List`1[LaionStream.Engine.Gone]:Add(LaionStream.Engine.Gone)"), // no such type
            Line($"{List}:Gone()"), // no such method
            Line("System.Collections.Generic.List`1[int,int]:Add(int)"), // not its number of arguments
        ];

        Assert.Equal((6, 3), StartProfile.Write(folder.At("start.mibc"), lines, Types));

        (string[] methods, string[] groups) = Read(folder.At("start.mibc"));
        Assert.Equal(["Add", "ToArray", "TryGetValue"], methods.Order(StringComparer.Ordinal));
        Assert.Contains("System.Private.CoreLib;Laion.Stream.Engine;", groups);
        Assert.Contains("System.Linq;", groups);
        Assert.Contains("System.Private.CoreLib;", groups);
    }

    [Fact]
    public void Write_TheSameLinesInAnotherOrder_GivesTheSameBytes()
    {
        using var folder = new TempFolder();
        string[] lines = [Line($"{List}:Add(LaionStream.Engine.Flow.FingerprintEntry)"), Line("System.HashCode:Add[int](int)")];

        StartProfile.Write(folder.At("start.mibc"), lines, Types);
        byte[] first = File.ReadAllBytes(folder.At("start.mibc"));
        StartProfile.Write(folder.At("start.mibc"), lines.Reverse(), Types);

        Assert.Equal(first, File.ReadAllBytes(folder.At("start.mibc")));
    }

    /// <summary>An extract of one page compiled 3,436 methods before the images held the generic code, and some 500 with a new profile.</summary>
    [SkippableFact]
    public async Task Images_OfThisBuild_LeaveLittleToCompileAtTheStart()
    {
        string program = Program();
        string engine = Path.Combine(Path.GetDirectoryName(program)!, "Laion.Stream.Engine.dll");
        Skip.IfNot(File.Exists(engine) && IsPrecompiled(engine), "this build has no images that were compiled ahead of time");
        Assert.True(IsPrecompiled(program), "The compiler did not make the program's own image, which takes the profile: is start.mibc readable?");
        using var folder = new TempFolder();
        string list = folder.At("list.txt"), urls = folder.At("urls.csv");
        File.WriteAllText(urls, "url,caption\nhttp://a.example/a.jpg,a red bicycle on a bridge\n");

        var start = new ProcessStartInfo("dotnet", [program, "extract", "--input", urls, "--output", folder.At("out")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_JitStdOutFile"] = list, ["DOTNET_JitDisasmSummary"] = "1" },
        };
        foreach (string setting in (string[])["DOTNET_ReadyToRun", "DOTNET_TieredCompilation", "DOTNET_TieredPGO", "CORECLR_ENABLE_PROFILING"])
        {
            start.Environment.Remove(setting); // with one of these the runtime compiles what the images hold
        }

        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        try { await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2)); }
        finally { process.Kill(); }

        Assert.True(process.ExitCode == ExitCode.Done, await output + await error);
        Assert.InRange(File.ReadLines(list).Count(line => line.Contains(": JIT compiled ", StringComparison.Ordinal)), 1, 1200);
    }

    private static string Line(string method) =>
        string.Create(CultureInfo.InvariantCulture, $"{method.Length,4}: JIT compiled {method} [Tier0, IL size=1, code size=2]");

    // Beside the host's own project: the tests' folder has other files of the same names.
    private static string Program() => Path.Combine(Tool.Root(), "src", "Laion.Stream.Host", "bin",
        Path.GetRelativePath(Path.Combine(Tool.Root(), "tests", "Laion.Stream.Host.Tests", "bin"), AppContext.BaseDirectory), "laion-stream.dll");

    private static bool IsPrecompiled(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static (string[] Methods, string[] Groups) Read(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        using var image = new MemoryStream();
        using (Stream entry = Assert.Single(zip.Entries).Open()) { entry.CopyTo(image); }
        Assert.Equal("start.mibc.dll", zip.Entries[0].Name);
        using var file = new PEReader(new MemoryStream(image.ToArray()));
        MetadataReader reader = file.GetMetadataReader();
        Assert.Contains(reader.MethodDefinitions, method => reader.StringComparer.Equals(reader.GetMethodDefinition(method).Name, "AssemblyDictionary"));
        var groups = new List<string>();
        for (UserStringHandle text = MetadataTokens.UserStringHandle(1); !text.IsNil;
            text = reader.GetNextHandle(text))
        {
            groups.Add(reader.GetUserString(text));
        }

        return ([.. reader.MemberReferences.Select(member => reader.GetString(reader.GetMemberReference(member).Name))], [.. groups]);
    }
}
