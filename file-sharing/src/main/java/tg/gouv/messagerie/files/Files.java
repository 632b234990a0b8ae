package tg.gouv.messagerie.files;

/** What other capabilities may ask of files; no operation exists yet. */
public interface Files {}
