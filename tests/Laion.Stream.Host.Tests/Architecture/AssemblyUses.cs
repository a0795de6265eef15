using System.Collections.Frozen;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LaionStream.Host.Tests.Architecture;

/// <summary>
/// Which of our namespaces each namespace of an assembly uses, read from its metadata and method bodies, so that no spelling of a name hides a use.
/// </summary>
internal sealed class AssemblyUses
{
    private static readonly FrozenDictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => (ushort)code.Value & 0xFFFF, code => code);

    private readonly MetadataReader _reader;
    private readonly PEReader _file;
    private readonly HashSet<(string From, string To, string Where)> _uses = [];

    private AssemblyUses(PEReader file) => (_file, _reader) = (file, file.GetMetadataReader());

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>User, used, and the using type, for namespaces that start with <c>LaionStream</c>.</returns>
    public static IReadOnlyCollection<(string From, string To, string Where)> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var uses = new AssemblyUses(file);
        foreach (TypeDefinitionHandle handle in uses._reader.TypeDefinitions) { uses.Visit(handle); }

        return uses._uses;
    }

    /// <summary>The namespaces that an assembly declares.</summary>
    public static IReadOnlyCollection<string> Declared(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        return [.. reader.TypeDefinitions.Select(handle => reader.GetString(reader.GetTypeDefinition(handle).Namespace)).Where(IsOurs).Distinct()];
    }

    /// <summary>Our assemblies that an assembly references.</summary>
    public static IReadOnlyCollection<string> References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("Laion.", StringComparison.Ordinal))];
    }

    private static bool IsOurs(string name) => name.StartsWith("LaionStream", StringComparison.Ordinal);

    private void Visit(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        string from = NamespaceOf(handle);
        if (!IsOurs(from)) { return; }

        string where = _reader.GetString(type.Name);
        Note(from, type.BaseType, where);
        foreach (InterfaceImplementationHandle i in type.GetInterfaceImplementations()) { Note(from, _reader.GetInterfaceImplementation(i).Interface, where); }
        foreach (FieldDefinitionHandle f in type.GetFields()) { _reader.GetFieldDefinition(f).DecodeSignature(Types(from, where), null); }
        foreach (GenericParameterHandle g in type.GetGenericParameters()) { NoteConstraints(from, g, where); }
        foreach (CustomAttributeHandle a in type.GetCustomAttributes()) { Note(from, _reader.GetCustomAttribute(a).Constructor, where); }
        foreach (MethodDefinitionHandle m in type.GetMethods()) { VisitMethod(from, _reader.GetMethodDefinition(m), where); }
    }

    private void VisitMethod(string from, MethodDefinition method, string where)
    {
        method.DecodeSignature(Types(from, where), null);
        foreach (GenericParameterHandle g in method.GetGenericParameters()) { NoteConstraints(from, g, where); }
        if (method.RelativeVirtualAddress == 0) { return; }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) { _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(Types(from, where), null); }
        foreach (ExceptionRegion region in body.ExceptionRegions) { Note(from, region.CatchType, where); }
        BlobReader il = body.GetILReader();
        while (il.RemainingBytes > 0) { VisitInstruction(from, ref il, where); }
    }

    private void VisitInstruction(string from, ref BlobReader il, string where)
    {
        int value = il.ReadByte();
        if (value == 0xFE) { value = 0xFE00 | il.ReadByte(); }
        switch (Codes[value].OperandType)
        {
            case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                Note(from, (EntityHandle)MetadataTokens.Handle(il.ReadInt32()), where);
                break;
            case OperandType.InlineSwitch:
                int targets = il.ReadInt32();
                il.Offset += 4 * targets;
                break;
            case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineSig or OperandType.InlineString or OperandType.ShortInlineR:
                il.Offset += 4;
                break;
            case OperandType.InlineI8 or OperandType.InlineR:
                il.Offset += 8;
                break;
            case OperandType.InlineVar:
                il.Offset += 2;
                break;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                il.Offset += 1;
                break;
            case OperandType.InlineNone:
                break;
            default:
                throw new BadImageFormatException($"Unknown operand of {Codes[value].Name}.");
        }
    }

    private void NoteConstraints(string from, GenericParameterHandle handle, string where)
    {
        foreach (GenericParameterConstraintHandle c in _reader.GetGenericParameter(handle).GetConstraints())
        {
            Note(from, _reader.GetGenericParameterConstraint(c).Type, where);
        }
    }

    private void Note(string from, EntityHandle used, string where)
    {
        if (used.IsNil) { return; }

        switch (used.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                Add(from, NamespaceOf(used), where);
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)used).DecodeSignature(Types(from, where), null);
                break;
            case HandleKind.MemberReference:
                MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)used);
                Note(from, member.Parent, where);
                if (member.GetKind() == MemberReferenceKind.Method) { member.DecodeMethodSignature(Types(from, where), null); }
                else { member.DecodeFieldSignature(Types(from, where), null); }

                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = _reader.GetMethodDefinition((MethodDefinitionHandle)used);
                Note(from, method.GetDeclaringType(), where);
                method.DecodeSignature(Types(from, where), null);
                break;
            case HandleKind.FieldDefinition:
                FieldDefinition field = _reader.GetFieldDefinition((FieldDefinitionHandle)used);
                Note(from, field.GetDeclaringType(), where);
                field.DecodeSignature(Types(from, where), null);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _reader.GetMethodSpecification((MethodSpecificationHandle)used);
                Note(from, generic.Method, where);
                generic.DecodeSignature(Types(from, where), null);
                break;
            default:
                return; // strings, stand-alone signatures and the like do not name a type
        }
    }

    private NamedTypes Types(string from, string where) => new(handle => Note(from, handle, where));

    private void Add(string from, string to, string where)
    {
        if (IsOurs(to) && to != from) { _uses.Add((from, to, where)); }
    }

    private string NamespaceOf(EntityHandle type)
    {
        while (true)
        {
            if (type.Kind == HandleKind.TypeDefinition)
            {
                TypeDefinition definition = _reader.GetTypeDefinition((TypeDefinitionHandle)type);
                if (definition.GetDeclaringType().IsNil) { return _reader.GetString(definition.Namespace); }

                type = definition.GetDeclaringType();
            }
            else
            {
                TypeReference reference = _reader.GetTypeReference((TypeReferenceHandle)type);
                if (reference.ResolutionScope.Kind != HandleKind.TypeReference) { return _reader.GetString(reference.Namespace); }

                type = reference.ResolutionScope;
            }
        }
    }
}
