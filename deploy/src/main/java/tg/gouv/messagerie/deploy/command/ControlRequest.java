package tg.gouv.messagerie.deploy.command;

/** What the command line may ask of the running program: one word on one line. */
enum ControlRequest {
    STATUS,
    DOWN,
    /** Anything else, such as what a newer command line asks. */
    UNKNOWN;

    /** The request that a line makes. */
    static ControlRequest of(String line) {
        return switch (line) {
            case "status" -> STATUS;
            case "down" -> DOWN;
            default -> UNKNOWN;
        };
    }

    String line() {
        return switch (this) {
            case STATUS -> "status";
            case DOWN -> "down";
            case UNKNOWN -> throw new IllegalStateException("UNKNOWN is never asked");
        };
    }
}
