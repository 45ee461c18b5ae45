using Stackelberg.Environments;

namespace Stackelberg.MuJoCo;

/// <summary>The MuJoCo library is missing or of a wrong version, rejected a model, or reported a fatal error; the message says which, in the engine's words.</summary>
public sealed class MujocoException(string message) : EnvironmentException(message);
