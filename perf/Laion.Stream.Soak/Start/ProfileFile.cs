using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LaionStream.Soak.Start;

/// <summary>
/// A list of methods in the form that the ahead-of-time compiler reads (<c>.mibc</c>): a zip with one assembly that is never run. Its method
/// <c>AssemblyDictionary</c> names groups of assemblies, and a method for each group whose instructions load a token for every method of the list.
/// </summary>
internal sealed class ProfileFile
{
    private readonly MetadataBuilder _metadata = new();
    private readonly MethodBodyStreamEncoder _bodies = new(new BlobBuilder());
    private readonly SortedDictionary<string, InstructionEncoder> _groups = new(StringComparer.Ordinal);
    private readonly ProfileTokens _tokens;

    /// <summary>An empty list.</summary>
    public ProfileFile()
    {
        _tokens = new ProfileTokens(_metadata);
        GuidHandle version = _metadata.GetOrAddGuid(new Guid("d9c3a1e4-7a42-4a0e-9a55-3c8d7a2f6b10"));
        _metadata.AddModule(0, _metadata.GetOrAddString("start.mibc"), version, default, default);
        _metadata.AddAssembly(_metadata.GetOrAddString("start"), new Version(0, 0, 0, 0), default, default, default, default);
        _metadata.AddTypeDefinition(default, default, _metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1),
            MetadataTokens.MethodDefinitionHandle(1));
    }

    /// <summary>Adds a method.</summary>
    public void Add(KnownType owner, MethodBase method, IReadOnlyList<KnownType> arguments)
    {
        string home = owner.Definition.Assembly.GetName().Name!;
        IEnumerable<string> others = owner.Assemblies.Concat(arguments.SelectMany(argument => argument.Assemblies)).Distinct().Where(name => name != home);
        string group = string.Concat(others.Order(StringComparer.Ordinal).Prepend(home).Select(name => name + ";"));
        EntityHandle token = _tokens.Method(owner, method, arguments);
        if (!_groups.TryGetValue(group, out InstructionEncoder code)) { _groups[group] = code = new InstructionEncoder(new BlobBuilder()); }
        Load(code, token);
    }

    /// <summary>Writes the file; the same methods in the same order give the same bytes.</summary>
    public void Write(string path)
    {
        var dictionary = new InstructionEncoder(new BlobBuilder());
        foreach ((string group, InstructionEncoder code) in _groups)
        {
            dictionary.LoadString(_metadata.GetOrAddUserString(group));
            Load(dictionary, AddMethod("Group" + _metadata.GetRowCount(TableIndex.MethodDef), code));
        }

        AddMethod("AssemblyDictionary", dictionary);
        var image = new BlobBuilder();
        var identity = new BlobContentId(new Guid("d9c3a1e4-7a42-4a0e-9a55-3c8d7a2f6b11"), 1);
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(_metadata), _bodies.Builder, deterministicIdProvider: _ => identity)
            .Serialize(image);
        using ZipArchive zip = new(File.Create(path), ZipArchiveMode.Create);
        ZipArchiveEntry entry = zip.CreateEntry(Path.GetFileName(path) + ".dll", CompressionLevel.SmallestSize);
        entry.LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using Stream stream = entry.Open();
        image.WriteContentTo(stream);
    }

    private static void Load(InstructionEncoder code, EntityHandle token)
    {
        code.OpCode(ILOpCode.Ldtoken);
        code.Token(token);
        code.OpCode(ILOpCode.Pop);
    }

    private MethodDefinitionHandle AddMethod(string name, InstructionEncoder code)
    {
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature().Parameters(0, result => result.Void(), _ => { });
        return _metadata.AddMethodDefinition(MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, _metadata.GetOrAddString(name),
            _metadata.GetOrAddBlob(signature), _bodies.AddMethodBody(code), default);
    }
}
