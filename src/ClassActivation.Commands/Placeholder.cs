namespace ClassActivation.Commands; internal static class Placeholder { }
