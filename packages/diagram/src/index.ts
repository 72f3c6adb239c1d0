export { comparePictures } from './pictures/compare.ts'
export { readPictures, writePictures } from './pictures/files.ts'
export { type PictureOptions, type Pictures, renderPictures } from './pictures/pictures.ts'
