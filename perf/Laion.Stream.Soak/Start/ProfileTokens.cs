using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace LaionStream.Soak.Start;

/// <summary>Refers to types and methods of other assemblies in the metadata of a profile.</summary>
/// <param name="metadata">The metadata, which gains rows.</param>
internal sealed class ProfileTokens(MetadataBuilder metadata)
{
    // The assembly that the ahead-of-time compiler knows the shared type by.
    private const string AnyClassAssembly = "System.Private.Canon";

    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, TypeReferenceHandle> _types = [];

    /// <summary>Refers to a method of a type with arguments.</summary>
    /// <param name="owner">The type.</param>
    /// <param name="method">The method, as its definition has it.</param>
    /// <param name="arguments">The method's own arguments.</param>
    public EntityHandle Method(KnownType owner, MethodBase method, IReadOnlyList<KnownType> arguments)
    {
        EntityHandle parent = Type(owner.Definition);
        if (owner.Arguments.Count > 0)
        {
            var blob = new BlobBuilder();
            Encode(new BlobEncoder(blob).TypeSpecificationSignature(), owner);
            parent = metadata.AddTypeSpecification(metadata.GetOrAddBlob(blob));
        }

        EntityHandle reference = metadata.AddMemberReference(parent, metadata.GetOrAddString(method.Name), metadata.GetOrAddBlob(Signature(method)));
        if (arguments.Count == 0) { return reference; }
        var specification = new BlobBuilder();
        GenericTypeArgumentsEncoder encoder = new BlobEncoder(specification).MethodSpecificationSignature(arguments.Count);
        foreach (KnownType argument in arguments) { Encode(encoder.AddArgument(), argument); }
        return metadata.AddMethodSpecification(reference, metadata.GetOrAddBlob(specification));
    }

    private TypeReferenceHandle Type(Type type)
    {
        if (_types.TryGetValue(type, out TypeReferenceHandle known)) { return known; }
        EntityHandle scope = type.DeclaringType is { } around ? Type(around)
            : Assembly(type == KnownType.AnyClass ? AnyClassAssembly : type.Assembly.GetName().Name!);
        StringHandle space = type.IsNested || type.Namespace is null ? default : metadata.GetOrAddString(type.Namespace);
        return _types[type] = metadata.AddTypeReference(scope, space, metadata.GetOrAddString(type.Name));
    }

    private AssemblyReferenceHandle Assembly(string name) => _assemblies.TryGetValue(name, out AssemblyReferenceHandle known)
        ? known
        : _assemblies[name] = metadata.AddAssemblyReference(metadata.GetOrAddString(name), new Version(0, 0, 0, 0), default, default, default, default);

    private BlobBuilder Signature(MethodBase method)
    {
        var blob = new BlobBuilder();
        ParameterInfo[] parameters = method.GetParameters();
        new BlobEncoder(blob)
            .MethodSignature(SignatureCallingConvention.Default, method.IsGenericMethodDefinition ? method.GetGenericArguments().Length : 0, !method.IsStatic)
            .Parameters(parameters.Length, out ReturnTypeEncoder result, out ParametersEncoder list);
        if (method is MethodInfo { ReturnParameter: { } returned } && returned.ParameterType != typeof(void))
        {
            Modify(result.CustomModifiers(), returned);
            Encode(result.Type(returned.ParameterType.IsByRef), returned.ParameterType);
        }
        else
        {
            result.Void();
        }

        foreach (ParameterInfo parameter in parameters)
        {
            ParameterTypeEncoder encoder = list.AddParameter();
            Modify(encoder.CustomModifiers(), parameter);
            Encode(encoder.Type(parameter.ParameterType.IsByRef), parameter.ParameterType);
        }

        return blob;
    }

    private void Modify(CustomModifiersEncoder encoder, ParameterInfo parameter)
    {
        foreach (Type type in parameter.GetRequiredCustomModifiers()) { encoder = encoder.AddModifier(Type(type), isOptional: false); }
        foreach (Type type in parameter.GetOptionalCustomModifiers()) { encoder = encoder.AddModifier(Type(type), isOptional: true); }
    }

    private void Encode(SignatureTypeEncoder encoder, KnownType type)
    {
        for (int i = 0; i < type.Ranks; i++) { encoder = encoder.SZArray(); }
        if (type.Arguments.Count == 0)
        {
            Encode(encoder, type.Definition);
            return;
        }

        GenericTypeArgumentsEncoder arguments = encoder.GenericInstantiation(Type(type.Definition), type.Arguments.Count, type.Definition.IsValueType);
        foreach (KnownType argument in type.Arguments) { Encode(arguments.AddArgument(), argument); }
    }

    private void Encode(SignatureTypeEncoder encoder, Type type)
    {
        if (type.IsByRef) { type = type.GetElementType()!; }
        if (type.IsGenericMethodParameter) { encoder.GenericMethodTypeParameter(type.GenericParameterPosition); }
        else if (type.IsGenericTypeParameter) { encoder.GenericTypeParameter(type.GenericParameterPosition); }
        else if (type.IsSZArray) { Encode(encoder.SZArray(), type.GetElementType()!); }
        else if (type == typeof(void*)) { encoder.VoidPointer(); }
        else if (type.IsPointer) { Encode(encoder.Pointer(), type.GetElementType()!); }
        else if (type.IsGenericType) { EncodeGeneric(encoder, type); }
        else if (Primitive(type) is { } code) { encoder.PrimitiveType(code); }
        else if (type == typeof(object)) { encoder.Object(); }
        else if (type == typeof(string)) { encoder.String(); }
        else { encoder.Type(Type(type), type.IsValueType); }
    }

    private void EncodeGeneric(SignatureTypeEncoder encoder, Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        GenericTypeArgumentsEncoder list = encoder.GenericInstantiation(Type(type.GetGenericTypeDefinition()), arguments.Length, type.IsValueType);
        foreach (Type argument in arguments) { Encode(list.AddArgument(), argument); }
    }

    private static PrimitiveTypeCode? Primitive(Type type) => !type.IsPrimitive ? null
        : type == typeof(nint) ? PrimitiveTypeCode.IntPtr
        : type == typeof(nuint) ? PrimitiveTypeCode.UIntPtr
        : Enum.Parse<PrimitiveTypeCode>(type.Name);
}
