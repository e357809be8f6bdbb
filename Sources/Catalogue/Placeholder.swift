public enum CatalogueModule {}
