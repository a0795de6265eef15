using System.Reflection;

namespace LaionStream.Soak.Start;

/// <summary>The types of the program, of its packages and of the framework, by their names.</summary>
internal sealed class KnownTypes
{
    private static readonly Dictionary<string, Type> Numbers = new(StringComparer.Ordinal)
    {
        ["bool"] = typeof(bool),
        ["char"] = typeof(char),
        ["byte"] = typeof(byte),
        ["ubyte"] = typeof(byte),
        ["sbyte"] = typeof(sbyte),
        ["short"] = typeof(short),
        ["ushort"] = typeof(ushort),
        ["int"] = typeof(int),
        ["uint"] = typeof(uint),
        ["long"] = typeof(long),
        ["ulong"] = typeof(ulong),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
        ["nint"] = typeof(nint),
        ["nuint"] = typeof(nuint),
    };

    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);

    /// <summary>Takes the types of some assemblies.</summary>
    public KnownTypes(IEnumerable<Assembly> assemblies)
    {
        foreach (Type type in assemblies.SelectMany(Types))
        {
            if (type.FullName is { } name) { _types.TryAdd(name, type); }
        }
    }

    /// <summary>Those of everything that this process can load, which is what the program can load.</summary>
    public static KnownTypes OfProcess() => new(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(path => Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(path)))));

    /// <summary>Looks a type up with all its arguments.</summary>
    /// <returns>Null when it is not known, or has another number of arguments.</returns>
    public KnownType? Find(TypeName name)
    {
        KnownType?[] arguments = [.. name.Arguments.Select(Find)];
        Type? type = name.Name == KnownType.AnyClass.FullName
            ? KnownType.AnyClass
            : Numbers.GetValueOrDefault(name.Name) ?? _types.GetValueOrDefault(name.Name);
        return type is null || arguments.Contains(null) || type.GetGenericArguments().Length != arguments.Length
            ? null
            : new KnownType(type, arguments!, name.Ranks);
    }

    /// <summary>
    /// The methods that a line can mean: all overloads with as many parameters, without those that take function pointers or arrays of several dimensions.
    /// </summary>
    public static IEnumerable<MethodBase> Methods(KnownType owner, JitLine line) => owner.Definition
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .OfType<MethodBase>()
        .Where(method => method.Name == line.Name && method.GetParameters().Length == line.Parameters
            && (method.IsGenericMethodDefinition ? method.GetGenericArguments().Length : 0) == line.Arguments.Count
            && method.GetParameters().Select(parameter => parameter.ParameterType).All(IsPlain)
            && (method is not MethodInfo info || IsPlain(info.ReturnType)));

    private static bool IsPlain(Type type) => !type.IsFunctionPointer && !type.IsVariableBoundArray
        && (!type.HasElementType || IsPlain(type.GetElementType()!)) && type.GetGenericArguments().All(IsPlain);

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>(); // those whose packages are not all here; the others can be used
        }
    }
}
